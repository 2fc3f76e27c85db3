neuron-activation = Activation function
neuron-sigmoid = sigmoid
neuron-tanh = tanh
neuron-relu = ReLU
neuron-output = a = { $name }({ $z }) = { $a }
neuron-slope = Slope here: { $slope }
neuron-plane = The plane of the inputs: the dot is the present input, the red line is z = 0, deeper colour is a larger output. The numbers are below the sliders.
neuron-plane-caption = The plane of the inputs, and the line z = 0
neuron-curve = The activation function and its slope, with dots at the present z. The numbers are below the sliders.
neuron-curve-caption = Blue: the activation function. Red: its slope
