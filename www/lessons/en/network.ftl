network-shown = Show the network
network-drawing = what I write
network-between = between two digits
network-from = from
network-to = to
network-share = On its way (%)
network-none = The network is not ready yet.
network-empty = There is no digit yet, so every layer is dark.
network-read = Read as { $first }: { $most }. Second guess { $second }: { $next }
network-input = Input layer: { $size } pixels
network-hidden = Hidden layer { $number }: { $size } neurons, { $lit } lit
network-output = Output layer: { $size } neurons
network-legend = Lit: at least a tenth as bright as the brightest one of its layer. White is a positive output, blue a negative one.
network-weights = Connections between the input layer and the first hidden layer:
network-right = Right! { $inputs } × { $units } = { $weights }
network-wrong = Not yet. Each one of a layer is connected to each one of the next.
