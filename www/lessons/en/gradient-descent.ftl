gradient-descent-curve = Loss
gradient-descent-bowl = Bowl
gradient-descent-two-valleys = Two valleys
gradient-descent-plateau = Plateau (a sigmoid)
gradient-descent-slides = Two weights: x² + xy + y²
gradient-descent-ravine = Two weights: ravine
gradient-descent-start = Start
gradient-descent-start-1 = Start w₁
gradient-descent-start-2 = Start w₂
gradient-descent-rate = Learning rate
gradient-descent-momentum = Momentum
gradient-descent-step = Step
gradient-descent-run = Run
gradient-descent-pause = Pause
gradient-descent-reset = Reset
gradient-descent-here = After { $steps ->
    [one] { $steps } step
   *[other] { $steps } steps
}: w = { $w }, loss { $loss }, slope { $slope }
gradient-descent-next = Next step: { $sum }
gradient-descent-going = Not there yet.
gradient-descent-still = The slope is almost 0 here: the ball rests.
gradient-descent-diverged = The ball is gone: every jump was larger than the one before. It diverges.
gradient-descent-tired = 1,000 steps, and still not at rest.
gradient-descent-picture = The loss over one weight, with the ball, where it was in the last steps, and the slope in red. The numbers are below the sliders.
gradient-descent-caption = Blue: the loss. Red: the ball and the slope under it
gradient-descent-map = The loss over two weights as a contour map: the numbers on the lines are losses, and the deeper the colour, the larger the loss. It shows the ball's way, and in red the steepest way down. Click to start somewhere else; the numbers are below the sliders.
gradient-descent-map-caption = On the lines: the loss. Red: the ball and the steepest way down. Click to start there
