backpropagation-network = Network
backpropagation-slides = the example network
backpropagation-drawing = the network in use, your drawing
backpropagation-label = Right answer
backpropagation-rate = Learning rate
backpropagation-apply = x −= slope × learning rate
backpropagation-reset = Reset
backpropagation-update = The update: w ← { $sum }
backpropagation-update-example = The update of the output layer's w₁₁, for example: w ← { $sum }
backpropagation-losses = After { $steps ->
    [one] { $steps } update
   *[other] { $steps } updates
}, C = { $losses }
backpropagation-step-0 = The inputs are 1 and −1. Press "Next" to go ahead.
backpropagation-step-1 = Forward pass: the first layer
backpropagation-step-2 = Forward pass: the second layer
backpropagation-step-3 = Forward pass: the output layer; softmax makes probabilities (the slides' sigmoid gives { $deck })
backpropagation-step-4 = The loss C: −ln of the right answer's probability
backpropagation-step-5 = Backward pass, case 1: the output layer, ŷ − y
backpropagation-step-6 = Backward pass, case 2: the second layer. The next layer is the output layer, whose ∂C/∂z′ is there
backpropagation-step-7 = Backward pass, case 2: the first layer. The next layer is not the output layer: recursion, the same once more
backpropagation-weight = Weight or bias
backpropagation-product = Slope = x · ∂C/∂z
backpropagation-tried = By trying: (C(w + h) − C(w − h)) / 2h, h = { $h }
backpropagation-picture = The example network: two inputs, two hidden layers, two probabilities and the loss C. Numbers run ahead and slopes run back. Every step is written out below the picture.
backpropagation-caption = Blue: forward pass. Dashed red: backward pass. On the lines: weights. Red below a circle: ∂C/∂z
backpropagation-digit = It really is
backpropagation-row = Row of the pixel
backpropagation-column = Column of the pixel
backpropagation-neuron = Neuron of the first layer
backpropagation-steepest = Choose the steepest
backpropagation-read = The network reads { $digit }.
backpropagation-no-ink = Draw a digit first.
backpropagation-other-layers = The network in use is not loaded yet, or it has BatchNormalization, which this page can't take apart. Choose one without it in the laboratory.
backpropagation-ahead = Forward pass:
backpropagation-back = Backward pass:
backpropagation-pixel = x = { $x } (the pixel in row { $row }, column { $column })
backpropagation-sum = { $inputs } inputs times their weights, added up, plus the bias: { $z }
backpropagation-pixels = The 28×28 image that the network sees; the frame is the chosen pixel. Click to choose another one, or use the sliders.
backpropagation-pixels-caption = Click a pixel to choose its weight to this neuron
