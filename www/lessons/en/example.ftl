example-picture = The example network: two inputs on the left, then three layers of two neurons. All its numbers stand in the sums.
example-caption = In circles: outputs. On lines: weights. Deeper colour: larger output
example-neuron = Layer { $layer }, { $unit ->
    [upper] upper
   *[lower] lower
} neuron
example-w1 = Weight of the line from above
example-w2 = Weight of the line from below
example-b = Bias b
example-same = ✓ slide: { $printed }
example-different = ✗ slide: { $printed }
example-reset = Back to the slide's numbers
example-wrong = { $wrong ->
    [one] One of the six outputs is not the slide's.
   *[other] { $wrong } of the six outputs are not the slide's.
}
example-agrees = All six outputs are the slide's.
example-found = All six are right! The second weight of the lower neuron in layer 2 has to be −1. The slide prints 1.
example-nothing = Both inputs are 0, so every product in the first layer is 0, and only the biases speak.
example-other = With other inputs there is nothing to compare with the slide.
