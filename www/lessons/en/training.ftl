training-rate = Learning rate
training-random = Random weights
training-step = One step
training-learn = Learn
training-pause = Pause
training-loss = Loss: { $sum }
training-next = Next step: { $w }; { $b }
training-far = The line is still far from the dots. Move w and b.
training-good = The loss is below 0.1. Well done!
training-learning = Learning…
training-still = The slopes are almost 0: there is nothing left to learn, after { $steps ->
    [one] { $steps } step
   *[other] { $steps } steps
}.
training-lost = The loss grows and grows: it diverges. Take a smaller learning rate and new random weights.
training-points = Seven dots, the line y = wx + b, and how far it is from each dot. The numbers are below the sliders.
training-points-caption = Blue: the right answers. Red: what the neuron says. Dashed: the differences
training-time = time →
training-history = The loss over time, from the random weights until now. The present loss is below the sliders.
training-history-caption = The loss, from the random weights until now
