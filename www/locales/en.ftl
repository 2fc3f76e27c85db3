# English. The same messages as zh-TW.ftl (tests/locales.rs checks it).

page-title = Inkling: draw a digit, watch a neural network learn to read it
tagline = Draw a digit, watch a neural network learn to read it.
language = Language 語言
notes-close = OK
kept-text = Your last training was interrupted in epoch { $epoch } of { $epochs }, after { $step } steps. Nothing of it is lost.
kept-continue = Go on training
kept-discard = Discard it
note-not-kept = This browser can't keep your progress ({ $error }). Everything else works, but closing the tab loses the training: save networks that you want to keep as files.
waiting =
    { $what ->
        [model] The network that reads is still loading.
        [program] The program that trains is still loading.
       *[images] The training images are still loading.
    } { $reason ->
        [offline] There is no network just now; as soon as there is one, it goes on.
        [busy] The server has too much to do (HTTP { $status }); the page tries again by itself.
        [stalled] Nothing has come for a while; the page tries again by itself.
        [sign-in] Something else has answered in place of this site: perhaps this Wi-Fi wants you to sign in. Open another page, sign in there, and come back.
       *[cut] The connection broke off; the page tries again by itself.
    } What has come stays, and you can draw meanwhile.
waiting-now = Try again now
update = A new version is here.
update-now = Use the new version
update-later = A network is being trained. Wait until it is done, so that nothing is lost.

## Drawing

draw-title = Draw here
draw =
    .aria-label = Drawing square: draw a digit from 0 to 9 with mouse, finger or pen
draw-fashion =
    .aria-label = Drawing square: draw a piece of clothing, a shoe or a bag with mouse, finger or pen
draw-own =
    .aria-label = Drawing square: draw a picture with mouse, finger or pen
draw-hint = Draw a digit from 0 to 9
draw-hint-fashion = Draw clothing, a shoe or a bag, filled in
draw-hint-own = Draw a picture like yours
draw-keys = Delete clears everything, Ctrl+Z takes back the last stroke.
undo = Undo
clear = Clear

## What the network reads

result-title = What the network reads
verdict = It reads
verdict-unsure = Not sure. Perhaps
verdict-or = or
announcement-unsure = Not sure. Perhaps { $first } or { $second }
confidence = { $probability } likely
empty = Nothing drawn yet, so no guess.
seen =
    .aria-label = The 28×28 image that the network sees
seen-caption = Seen as 28×28
seen-caption-side = Seen as { $side }×{ $side }
bars =
    .aria-label = Probability of each answer
announcement = { $digit }, { $probability }

## Training

train-title = Teach a new network from scratch
train = Train
pause = Pause
resume = Resume
step = Step
step-button =
    .title = Learn from one mini-batch only
stop = Stop
stop-button =
    .title = End here, and take the test
reset = Reset
reset-button =
    .title = Throw this training away and take a network that has learned nothing yet
progress =
    .aria-label = Training progress

state-loading = Loading the shipped network…
state-preparing = Getting ready to train…
state-download = Downloading the training images: { $loaded } of { $total } MB
state-ready = Ready.
state-training = Training: epoch { $epoch } of { $epochs }
state-paused = Paused in epoch { $epoch } of { $epochs }
state-done = Done. Of { $images } test images never seen before, it reads { $accuracy } right.
state-failed = That did not work; the reason is above.

progress-steps = step { $step } · { $speed } images a second
progress-left =
    { $steps } · about { $amount } { $unit ->
        [minutes] { $amount ->
            [one] minute
           *[other] minutes
        }
       *[seconds] { $amount ->
            [one] second
           *[other] seconds
        }
    } left

measure-loss = Loss
measure-accuracy = Training
measure-validation = Validation
measure-test = Test
measure-to-97 = To 97%
measure-to-98 = To 98%
measure-total = In all
time = { $seconds } s
time-none = not reached
times-rule = Timed from the click on Train, pauses left out; 97% and 98% are of the validation accuracy.
times-rule-preparing = Timed from the click on Train ({ $preparing } of it getting program and images ready), pauses left out; 97% and 98% are of the validation accuracy.
copy = Copy result
card = Save a card
card-read = Read as { $digit }, probability { $probability }
card-network = Network { $sizes }
card-accuracy = Test accuracy { $accuracy }
card-curve = Accuracy: training (blue), validation (red)
copied = Copied; paste it anywhere.
not-copied = The browser does not let the page copy. Please copy the text below yourself.
result-area =
    .aria-label = Result
result-text =
    A training result from Inkling
    To 97%: { $to97 }, to 98%: { $to98 } (validation accuracy; from the click on Train, pauses left out)
    In all: { $total }, of which getting program and images ready: { $preparing }
    Test accuracy: { $test }, validation accuracy: { $validation }
    Data: { $data }, network: { $network }, epochs: { $epochs }, steps: { $steps }, seed: { $seed }{ $augment ->
        [on] , data augmentation
       *[off] { "" }
    }{ $rate ->
        [changed] , learning rate changed while it ran
       *[kept] { "" }
    }
    { $device }
    { $browser }, cores: { $cores }
    { $address }
chart-loss = Loss
chart-accuracy = Accuracy (%)
legend-training = Training
legend-validation = Validation
charts-empty = Press Train and a network learns from the 60,000 handwritten digits of MNIST, starting from nothing. All of it is computed in your browser; what you draw never leaves this device.

## The network that answers

network-title = The network that answers
source-none = No network yet
source-shipped =
    { $known ->
        [yes] The shipped network, test accuracy { $accuracy }
       *[no] The shipped network
    }
source-fresh = A new network that has learned nothing yet
source-trained =
    { $known ->
        [yes] Your network, test accuracy { $accuracy }
       *[no] Your network, epochs learned: { $epoch }, step { $step }
    }
source-taught = A network taught with { $drawings } of your digits
source-file =
    { $known ->
        [yes] From the file { $name }, test accuracy { $accuracy }
       *[no] From the file { $name }
    }
shape = { $sizes }, { $parameters } weights and biases in all
save = Save to a file
load = Load a file
shipped = Back to the shipped network
own = Back to your network

## My digits

show-steps = Show how
    .aria-label = Show how your drawing becomes 28×28
steps-title = How your drawing becomes what the network sees
steps-why = Every digit of MNIST was made in this way, so the network sees yours as it saw those it learned from.
steps-drawn-title = Drawn
steps-drawn = Your strokes: any size, anywhere.
steps-boxed-title = Boxed
steps-boxed = The square that just holds them is scaled to one size, and the pen to one width.
steps-pixels-title = 20×20
steps-pixels = The box becomes 20×20 pixels, each as bright as the share of it that is ink.
steps-centered-title = 28×28
steps-centered = Placed in 28×28, moved by whole pixels to bring the ink’s centre of mass (the dot) to the middle.
steps-close = Close
steps-again = Again

tell = Wrong? Tell it
tell-digits =
    .aria-label = Which digit is it?
my-digits-title = My digits
my-digits-empty = When the network misreads you, press “Wrong? Tell it” and say which digit you meant. Your drawing is kept here, to teach the network with.
my-digits-not-kept = This browser lets the page keep nothing: your digits are gone when you close it. Export them if you want to keep them.
my-digit = Your { $digit }
my-digit-delete = Delete this { $digit }
teach = Teach the network my digits
teach-other = The network in use does not read digits of 28×28, so your digits can’t be taught to it. Go back to the shipped network, or train one that reads digits.
teach-busy = Finish this training first; then you can teach the network your digits.
teaching = Learning your digits…
taught = Done. Of your { $drawings } { $drawings ->
        [one] digit
       *[other] digits
    } it read { $before } right before, and { $after } now. Validation accuracy on MNIST was { $validation-before }, and is { $validation-after } now.
unteach = Back to before
my-digits-undo = Undo
my-digits-clear = Delete all
my-digits-export = Export
my-digits-import = Import

## Where it errs

judge-title = Where does it misread?
judge-intro = Has the network in use read all test images, and shows what it takes for what. Judge another network, and the two are compared image by image.
judge-test = Read the test images
judge-running = Reading the test images…
judge-done = { $network }: of { $images } test images ({ $data }) it reads { $right } right, an accuracy of { $accuracy }. On other images of this kind it would, with 95% confidence, lie between { $low } and { $high }.
judge-mistakes = Show everything it misreads
versus-other = The network before was judged on other images, so the two can’t be compared image by image.
versus-title = Compared with the network before
versus-whose = { $name }: { $network }
versus-caption = Which images the two networks read right (press a number to see them)
versus-a-right = A right
versus-a-wrong = A wrong
versus-b-right = B right
versus-b-wrong = B wrong
versus-text =
    { $verdict ->
        [same] There is no image that only one of them reads right: nothing tells them apart.
        [differ] Only A reads { $a } right, only B { $b }. If the two were equally good, who alone is right would be the toss of a coin; the chance of a difference this large (McNemar’s p) is then { $chance }: hardly luck.
       *[luck] Only A reads { $a } right, only B { $b }. If the two were equally good, who alone is right would be the toss of a coin; the chance of a difference this large (McNemar’s p) is then { $chance }: it may be luck.
    }
confusion-title = Confusion matrix: what is taken for what
confusion-help = A row is what the image shows, a column what the network reads. Press a cell to see its images, the worst first; the arrow keys move between cells.
confusion-corner = True
confusion-cell = { $label } read as { $read }: { $images }
gallery-right = { $label } read right: { $images }, the closest calls first
gallery-cell = { $label } read as { $read }: { $images }, the surest mistakes first
gallery-mistakes = Misread: { $images }, the surest mistakes first
gallery-both = Both networks read these right: { $images }
gallery-only-a = Only A reads these right: { $images }
gallery-only-b = Only B reads these right: { $images }
gallery-neither = Both networks misread these: { $images }
gallery-help = Below each image: what the network reads, and how sure it is. Press an image to put it on the sheet and draw on.
gallery-image = { $caption }. Image { $number }: it is a { $label }, read as { $read }, { $sure } sure. Put it on the sheet
gallery-loaded = Image { $number } (a { $label }) is on the sheet. { $resized ->
        [yes] The sheet has 28×28 pixels, so it was resized from { $side }×{ $side }: what is read may differ a little.{ " " }
       *[no] { "" }
    }Draw on; undo or clear takes it away.
gallery-more = Show more ({ $left } left)
classes-title = How well each class is read
classes-caption = Recall: how many of this class’s images are read right. Precision: how many of those read as this class are one. F1: the harmonic mean of both.
classes-digit = Class
classes-images = Images
classes-recall = Recall
classes-precision = Precision
calibration-title = Is it right as often as it says?
calibration-axes = Across: how sure it is (the largest probability). Up: the share of those images that it reads right. Dashed: right as often as sure. Larger dots are more images.
calibration-text = How sure it is and how often it is right differ by { $error } on average (expected calibration error).
calibration-numbers = The curve’s numbers
calibration-bin = Sure
calibration-sure = Mean
calibration-right = Right

## Robustness

robustness-title = Test it on changed images
robustness-intro = Test accuracy only tells how well the network reads the images as they are. Does it still read them when they are shifted, turned, larger or smaller, thinner or thicker? Try the network in use on up to 1,000 test images.
robustness-test = Test it
robustness-running = Testing: { $done } of { $all }
robustness-done = { $network }: it reads { $plain } of the images ({ $data }) as they are. Hardest is “{ $change }”: { $worst } in the worst direction.
robustness-change = Change
robustness-example = Your drawing
robustness-mean = Read right
robustness-worst = Worst direction
robustness-previous = Before
robustness-whose = Network before: { $network }
change-none = None
change-shift = Shifted { $pixels ->
        [one] 1 pixel
       *[other] { $pixels } pixels
    }
change-scale = Size × { $size }
change-rotation = Turned { $degrees }°
change-thin = Thinner
change-thick = Thicker

## Settings

settings-title = How it learns
settings-when = The learning rate can be changed at any time; everything else applies to the next training. All settings are in the address: copy it to share them.
preset = Preset
preset-slides = As on the slides
preset-race = Race to 98%
preset-custom = Your own
preset-hint = Fills in the settings below; change them as you like.
layers = Hidden layers
layers-hint = You can type, too: “128, dropout:0.2, 64:tanh”. Leave it empty for none.
activation = Activation
activation-linear = Linear (none)
activation-hint = How a neuron turns its weighted sum into its output.
optimizer = Optimizer
optimizer-sgd = Gradient descent
optimizer-momentum = Momentum
optimizer-nesterov = Nesterov’s momentum
optimizer-hint = How the slope changes weights and biases.
learning-rate = Learning rate
learning-rate-hint = How far each step goes. Too small is slow, too large jumps about.
schedule = Learning-rate schedule
schedule-constant = Constant
schedule-step-decay = Step decay
schedule-cosine = Cosine
schedule-one-cycle = One cycle
schedule-hint = Where it changes, the learning rate is its highest point.
batch = Batch size
batch-hint = Images looked at before the weights change once.
epochs = Epochs
epochs-hint = One epoch is one pass over all training images.
augment = Data augmentation
augment-hint = Turns, shifts, bends, thins or thickens every image a little at random, anew in each epoch, so that unusual handwriting surprises the network less. Slower; validation and test images stay as they are.
augmented-copies =
    .aria-label = Six randomly changed copies of your digit
augmented-caption = What it makes of your digit
backend = Computed by
backend-auto = Automatic
backend-probing = Finding out what computes fastest on this device…
backend-is-webgpu = Computed with WebGPU: { $adapter }
backend-is-cpu =
    { $workers ->
        [one] Computed on the CPU by one thread.
       *[other] Computed on the CPU by { $workers } threads.
    }
backend-fallback = { $cpu } Why not WebGPU: { $reason }
engine =
    { $engine ->
        [webgpu]
            { $tuning ->
                [subgroups] Engine: WebGPU, with subgroups: measured to be faster here.
                [f16] Engine: WebGPU, with 16-bit products: measured to be faster here.
                [subgroups-f16] Engine: WebGPU, with subgroups and 16-bit products: measured to be faster here.
               *[other] Engine: WebGPU.
            }
        [relaxed] Engine: WebAssembly with relaxed SIMD.
       *[simd128] Engine: WebAssembly with SIMD; this browser lacks relaxed SIMD, which is faster.
    }
workers-alone =
    { $reason ->
        [not-isolated] Only one thread: the server does not send the headers that let threads share memory.
        [little-memory] One thread, since this device has little memory.
       *[no-shared-memory] Only one thread: this browser has no memory that threads can share.
    }
backend-race =
    { $outcome ->
        [late] { $computes } WebGPU on { $adapter } was not ready in time.
        [webgpu] { $computes }. { $ratio }× as fast here as the CPU ({ $webgpu } and { $cpu } images/s).
       *[cpu] { $computes } { $ratio }× as fast here as WebGPU on { $adapter } ({ $cpu } and { $webgpu } images/s).
    }
more-settings = More settings
seed = Seed
seed-hint = The same seed and settings, on the same device, give the same training.
workers = CPU threads (workers)
workers-hint = How many compute together. Leave it empty to let the page choose.

## How it learns

how-title = How does a network learn? Four things, a few thousand times
how-forward-title = Guess
how-forward = 784 pixels times weights, plus biases, through the activation, layer by layer, down to ten probabilities.
how-loss-title = Compare
how-loss = The loss function measures how far the probabilities are from the right answer. The wilder the guess, the larger the loss.
how-backprop-title = Trace it back
how-backprop = Backpropagation goes back from the output, layer by layer, and finds each weight’s slope: the gradient.
how-descent-title = Take a small step
how-descent = Gradient descent moves every weight a little towards a smaller loss: weight −= slope × learning rate.

## Notes and errors

note-address = The address has a setting that can’t be used; its default is used instead. { $error }
note-files = “{ $name }” can’t be images to learn from. { $error }
note-recovered = { $reason } Training goes on from step { $step }, with other workers.
note-begun-again = { $reason } Training began again from the start, with other workers.
note-file = “{ $name }” can’t be used; the network in use is unchanged. { $error }

error-truncated = { $what } is cut short: it should have { $expected } bytes and has { $got }.
error-trailing-bytes = { $what } is too long: it should have { $expected } bytes and has { $got }.
error-not-a = This is not { $what }.
error-version = This file has version { $got }; this page reads version { $supported }.
error-checksum = { $what } is damaged: its checksum does not match its content.
error-too-large = { $what } is too large: { $got }, the limit is { $limit }.
error-shape =
    { $kind ->
        [my-digits] To learn from my digits there must be { $expected } of them at least; there are { $got }. Draw one, press “Wrong? Tell it” and say which digit it is: that is one more.
        [different-digits] All of my digits are the same digit: there must be two different ones at least.
        [labels-for-the-images] There are { $expected } images and { $got } labels: these two files don’t belong together.
        [image-files] { $expected } image files are needed, and there are { $got }: please choose images and labels together, two files or four.
        [label-files] { $expected } label files are needed, and there are { $got }: please choose images and labels together, two files or four.
       *[other] { $what }: expected { $expected }, got { $got }.
    }
error-setting = { $name } can’t be “{ $value }”. Allowed: { $allowed }.
error-not-finite =
    { $kind ->
        [the-loss] The loss grew beyond all numbers, usually because the learning rate is too large. Make it smaller and try again.
       *[other] { $what } contains a value that is not a number.
    }
error-malformed = { $what } can’t be read: { $reason }
error-no-gpu = WebGPU can’t be used: { $reason }
error-device = The computing device stopped working: { $reason }
error-fetch = { $what } could not be loaded: { $reason }
error-state = { $reason }

gpu-insecure-page = This page was not opened over https or from localhost.
gpu-no-api = This browser has no WebGPU.
gpu-no-adapter = The browser found no usable graphics device.
gpu-no-device = The graphics device did not answer. { $detail }
gpu-self-test-failed = The graphics device’s numbers differ from the CPU’s. { $detail }
gpu-lost = The graphics device stopped working. { $detail }
gpu-wrong-loss = The graphics device’s numbers can’t be right. { $detail }

thing-the-model-file = The model file
thing-the-model-file-s-header = The model file’s header
thing-an-inkling-model-file = an Inkling model file
thing-pixels-of-an-image = Pixels of an image
thing-number-of-classes = Number of classes
thing-number-of-weights = Number of weights
thing-the-weights = A weight
thing-the-loss = The loss
thing-my-digits = My digits
thing-the-drawing = The drawing
thing-the-file = The file
thing-line = Line { $number }
thing-a-message = A message
thing-an-event = A message from the training program
thing-shared-memory-for-this-network = The shared memory for this network
thing-data = The data set (data)
thing-different-digits = Different digits
thing-labels-for-the-images = The images’ labels
thing-the-image-file = The image file
thing-the-label-file = The label file
thing-an-idx-file-of-images-or-labels = an IDX file of images or labels
thing-an-image-s-side = An image’s height or width
thing-the-number-of-classes = The number of classes
thing-image-files = Image files
thing-label-files = Label files
thing-images = Images
thing-preset = Preset
thing-initializer = The way weights start
thing-l2 = L2 penalty
thing-loss = The loss
thing-validation = The share kept aside to validate on
thing-validation-share = The share kept aside to validate on
thing-patience = The number of epochs before stopping early
thing-dropout = Dropout’s rate
thing-blocks = The number of blocks
thing-training-s-memory = Training’s memory
thing-layers = Hidden layers
thing-units = Neurons in a layer
thing-parameters = The number of weights and biases
thing-activation = Activation
thing-optimizer = Optimizer
thing-lr = Learning rate
thing-learning-rate = Learning rate
thing-schedule = Learning-rate schedule
thing-batch = Batch size
thing-batch-size = Batch size
thing-epochs = Epochs
thing-augment = Data augmentation
thing-seed = Seed
thing-backend = The computing device
thing-workers = The number of threads
thing-lang = Language
thing-hide = Hidden parts (hide)
thing-lock = Locked settings (lock)
thing-panel = Opened panels (panel)
thing-embed = Embedded panels (embed)
thing---models-shipped-inkling = The shipped network
thing-the-data-file-train-images-idx3-ubyte-gz = The data file train-images-idx3-ubyte.gz
thing-the-data-file-train-labels-idx1-ubyte-gz = The data file train-labels-idx1-ubyte.gz
thing-the-data-file-t10k-images-idx3-ubyte-gz = The data file t10k-images-idx3-ubyte.gz
thing-the-data-file-t10k-labels-idx1-ubyte-gz = The data file t10k-labels-idx1-ubyte.gz

## Stack the network
build-title = Stack the network
build-intro = Layer by layer, from top to bottom: data goes in above and comes out below, like Keras's building blocks on the slides.
build-input = { $inputs } pixels, each 0 to 1
build-output = { $kind ->
    [digits] the ten digits' probabilities
    [fashion] the probabilities of ten kinds of clothing
   *[own] the probabilities of { $classes } classes
 }
build-add =
  .aria-label = Add a block
build-more = How weights start, and how large they may grow
block-dense = { $inputs } inputs, { $outputs } neurons, each connected to every input
block-dropout = in training, turns off a random part of the outputs, so that the network can't rely on a few neurons
block-norm = brings every number to mean 0 and variance 1 over the mini-batch, then learns a factor and a shift
block-units = Neurons
block-rate = Share turned off
block-activation = Activation
block-initializer = First weights
block-l2 = L2 penalty
block-common = like the others
block-common-choice = like the others: { $used }
block-up = Move block { $number }, { $name }, up
block-down = Move block { $number }, { $name }, down
block-remove = Remove block { $number }, { $name }
cost = { $parameters } parameters. Training takes about { $memory } MB of memory and { $seconds } s an epoch (an estimate).
cost-too-large = { $parameters } parameters. Training would take about { $memory } MB of memory, more than the { $most } MB that a page may use, so it can't be trained: make the layers smaller or fewer, or the batch smaller.
initializer = First weights (initializer)
initializer-auto = the one for the activation
initializer-normal = normal (standard deviation 0.05)
initializer-zeros = all 0
initializer-hint = Drawn at random, of the right size. If all are 0, the neurons of a layer stay the same as each other for ever and can't learn.
l2 = L2 penalty
l2-hint = Adds this number times the sum of the squared weights to the loss, so that weights don't grow too large. 0 adds nothing.
loss = Loss
loss-cross-entropy = cross-entropy
loss-mse = mean squared error
loss-hint = How the distance from the right answer is measured. Classes usually go with cross-entropy: where it is very wrong the slope is steep, too, and learning fast.
validation = Kept aside to validate on
validation-none = none
validation-hint = These training images are not learned from; after each epoch they show whether the network understands or only remembers.
patience = Early stopping
patience-hint = Ends when the validation loss has not become smaller for so many epochs. 0 trains all epochs.
preset-modern = What is usual today
preset-deep-sigmoid = Six sigmoid layers: vanishing gradients
code-title = The same network in Keras and PyTorch
code-copy-keras = Copy the Keras code
code-copy-pytorch = Copy the PyTorch code
code-copied = Copied.
code-not-copied = The browser does not let the page copy. Please select the code and copy it yourself.
summary-totals = { $all } parameters: { $trainable } trainable, { $fixed } not (BatchNormalization's moving averages).

## The lessons
lessons = Lessons
how-lessons = From the neuron to backpropagation: lessons to play with

## The link
copy-link = Copy a link to this experiment
link-copied = The link is copied: whoever opens it finds the same settings, in the same language.
link-not-copied = The browser does not let the page copy. Please copy the address in the address bar: it holds the same settings.
## Look inside the network

inside-title = Look inside the network
inside-intro = How your drawing becomes an answer, layer by layer. The most active neurons of each layer are shown; lines are the connections that contribute most (weight × input), and the small squares are all neurons of the layer. Click a neuron to see how it computes.
inside-empty = Draw a digit first, and this comes to life.
inside-plus = positive
inside-minus = negative
inside-strength = the stronger the colour, the larger the number
inside-stage = Layer
inside-unit = Number of the neuron (from 0)
inside-layer = Layer { $number }: { $kind }, { $units } neurons
inside-weights-of = { $layer }, number { $unit }: its { $count } weights. Red is positive, blue is negative; the paler, the nearer to 0.
inside-sum = z = weighted sum { $written } plus bias { $bias } = { $z }, a = { $f }(z) = { $a }
inside-from = Input
inside-pixel = pixel (row { $row }, column { $column })
inside-others = sum of the other { $count } terms
inside-bias = bias b
inside-weight =
    .aria-label = Weight, can be changed
inside-bias-field =
    .aria-label = Bias, can be changed
inside-undo = Undo the last change
inside-learned = Back to the learned weights
inside-unchanged = Try changing a weight or the bias above: the answer follows at once.
inside-wait = Training keeps changing the weights. Pause it to change them yourself.
inside-changed = { $count ->
    [one] 1 number changed
   *[other] { $count } numbers changed
 }: read as { $before } before ({ $before-share }), as { $after } now ({ $after-share }).
saliency-title = Which ink speaks for it, which against?
saliency-digit = For which answer
saliency-best = The one the network reads
saliency-text = The score for { $digit } is { $score }. Red ink speaks for { $digit }, { $for } in all, most of it { $where-for }; blue ink speaks against it, { $against } in all, most of it { $where-against }. (Slope × ink.)
field-and = { " and " }
field-0 = at the top left
field-1 = at the top
field-2 = at the top right
field-3 = on the left
field-4 = in the middle
field-5 = on the right
field-6 = at the bottom left
field-7 = at the bottom
field-8 = at the bottom right

## Charts and runs
loss-chart =
    .aria-label = Loss curves: the left and right keys read each value
accuracy-chart =
    .aria-label = Accuracy curves: the left and right keys read each value
chart-axis-epoch = Horizontal: epochs
chart-axis-step = Horizontal: steps
chart-axis-seconds = Horizontal: seconds since the click on Train
chart-runs =
    .aria-label = Other runs drawn beside it
chart-options = How the charts are drawn
chart-along = Horizontal axis
chart-along-epoch = Epochs
chart-along-step = Steps
chart-along-seconds = Seconds
chart-which = Lines
chart-which-both = Training and validation
chart-which-training = Training only
chart-which-validation = Validation only
chart-smoothing = Smooth the training line
chart-smoothing-hint = Each point becomes the weighted mean of itself and those before it, the nearest counting most (an exponential moving average): the trend shows. The faint line has the values as they are.
chart-log = Loss on a logarithmic scale
chart-log-hint = Each step down of the same height divides the loss by the same number, so that small losses can be told apart, too.
chart-numbers = This run’s numbers as a table
chart-column-epoch = Epoch
chart-column-step = Step
chart-column-seconds = Seconds
chart-column-loss = Training loss
chart-column-validation-loss = Validation loss
chart-at-epoch = Epoch { $place }
chart-at-step = Step { $place }
chart-at-seconds = { $place } s
chart-head =
    { $place } · { $which ->
        [training] training
        [validation] validation
       *[both] training / validation
    }
run-present = This run
run-number = Run { $number }
runs-title = Compare runs
runs-intro = Every run that is over stays in this browser with its result and its curves, up to 50 of them; then the oldest makes room. The ticked ones are drawn in the charts above. A setting in which runs differ has a column of its own. The brackets behind the test accuracy hold its 95% interval.
runs-empty = No run is over yet.
runs-not-kept = This browser can’t keep these results: they are gone when you close the page. Save them to a file if you want to keep them.
runs-curve = Curve
runs-name = Name
runs-speed = Images/s
runs-do = Actions
runs-show-one = Draw the curves of “{ $run }”
runs-rename = Name of “{ $run }”
runs-use = Use these settings
runs-use-one = Use these settings: “{ $run }”
runs-delete = Delete “{ $run }”
runs-same = The same in all: { $list }.
runs-comma = { ", " }
runs-on = yes
runs-off = no
runs-summary = { $runs } seeds: mean ± standard deviation
runs-show = Draw all curves
runs-hide = Draw none
runs-csv = Save as a table (CSV)
runs-png = Save as a picture (PNG)
runs-clear = Delete all
runs-undo = Undo deletion
repeat-seeds = Seeds
repeat = Repeat with other seeds
repeat-stop = Stop repeating
repeat-hint = Trains the present settings once with each of 2 to 20 seeds. A single result has luck in it; the mean of several shows how good the settings are.
repeat-running = Training with seed { $number } of { $seeds }.
repeat-done = { $runs } seeds, mean ± standard deviation: test accuracy { $test }, validation accuracy { $validation }, to 97%: { $to97 }, to 98%: { $to98 }.

## The layers

diagnosis-title = How is each layer doing?
diagnosis-intro = While the network learns: how large each layer’s weights, gradients and steps are, and where its neurons’ outputs lie. When something is off, it is said here, with the lesson that explains it.
diagnosis-empty = Press Train, and this comes alive.
diagnosis-state = Step { $step }, measured on { $images } training images; their loss is { $loss }.
diagnosis-fine = Nothing seems to be wrong.
diagnosis-weights = Weights
diagnosis-gradients = Gradients
diagnosis-updates = Update a step
diagnosis-dead = Dead neurons
diagnosis-saturated = Saturated neurons
diagnosis-outputs = Outputs, { $low } to { $high } across; most ({ $share }) between { $from } and { $to }
diagnosis-how = How are these measured?
diagnosis-how-size = A size is the root mean square (RMS): every number squared, the mean of that, and its root. Weights are W without the biases; of a BatchNormalization, its factors.
diagnosis-how-gradients = Gradient: the slope of these images’ mean loss (with the L2 penalty, where there is one) along each weight. Dropout works as in training, but the images are as they are, without augmentation.
diagnosis-how-updates = Update a step: how far each weight has moved since the last look, divided by the steps in between. Steps to and fro cancel, so this is the real pace.
diagnosis-how-stuck = Dead: none of these images gives it a slope (a ReLU that always says 0). Saturated: its mean slope is below 5% of the steepest of a sigmoid or tanh. Either way it hardly learns.
diagnosis-how-bars = The bars of sizes are logarithmic, from 10⁻⁷ to 1: a seventh less is ten times smaller. The histograms’ heights are square roots, so that few are seen beside many.
diagnosis-how-cost = The images are always the same, 200 at most, spread over those that are learned from. There are at most four looks a second, which take less than 5% of the time and do not change the training; a closed panel takes none.
warning-exploding = The loss explodes: it is far worse than guessing, and more than twice what it began with. Usually the learning rate is too large, and every step jumps too far. Make it smaller and try again.
warning-dead = In layer { $layer } more than { $share } of the neurons are dead: no image gets anything out of them, and where the slope is 0 nothing can be learned any more. Usually the learning rate is too large: make it smaller, or use leaky ReLU.
warning-saturated = In layer { $layer } more than { $share } of the neurons are saturated: their sums are so large that the outputs stick to the ends, where there is almost no slope, so they learn slowly. Usually the learning rate, or the weights at the beginning, are too large.
warning-vanishing = Vanishing gradients: the first layer’s gradient is less than a hundredth of the largest, so the first layers hardly move. On the way back every sigmoid leaves at most a quarter of it. Use ReLU, fewer layers, or BatchNormalization.
warning-slow = The learning rate may be too small: at this pace the weights will have changed by less than a tenth when all is over, and the loss is still large. Try a larger one.
warning-lesson-gradient-descent = See the lesson “Gradient descent”
warning-lesson-break-it = See the lesson “Break it on purpose”
warning-lesson-backpropagation = See the lesson “Backpropagation”

## Data
data-title = The data it learns from
data = Data set
data-mine = My digits
data-own = Your own files (IDX)
data-files = Choose your own files
data-files-hint = In the IDX format, as MNIST’s files are, compressed (.gz) or not: one file of images and one of labels, of which a sixth is set aside for the test; or four, training and test apart. Images up to 64×64, up to 100 classes. You can drop them anywhere on this page. They stay in this browser.
data-about-mnist = Handwritten digits: 60,000 images to learn from, 10,000 to be tested on, 28×28 each, ten classes from 0 to 9.
data-about-fashion = Photographs of clothing, as many and as large as MNIST’s, and much harder: T-shirt, trouser, pullover, dress, coat, sandal, shirt, sneaker, bag, ankle boot. Clothes in photographs are solid, so an outline on the sheet is often misread. Downloaded when training begins, about 30 MB.
data-about-mine = The digits that you drew here and said what they are: five sixths to learn from, the rest to be tested on. They are few, so take many epochs (100, say) and switch on data augmentation.
data-about-own = Your own images with their labels. The network’s inputs and outputs follow the images’ size and the number of classes. What you draw on the sheet is resized to them; what looks unlike them the network can only guess.
data-mine-here = { $training } digits to learn from, { $test } to be tested on.
data-own-here = { $names }: { $training } images to learn from, { $test } to be tested on, { $side }×{ $side } each, { $classes } classes.{ $kept ->
    [yes] { "" }
   *[no] { " " }This browser can’t keep the files: choose them again on your next visit.
 }
data-name-mine = my digits{ $mark }
data-name-own = own files { $side }×{ $side }, { $classes } classes{ $mark }
data-no-files = Please choose files first: { $data }. There is nothing to learn from yet.
data-other-files = Those settings are of other files ({ $data }). The files that you have chosen are used instead, so results can’t be compared.
data-not-built = This site was built without { $data }. Whoever runs it gets it with cargo xtask data --fashion, and builds again.
data-busy = The training that is going on needs the images of { $data }, so no other images can be loaded now. Let it finish, or press Stop.
data-locked = This link says which data set to use, so your own files can’t take its place.
data-none-fit = There are no test images that this network can read: choose a data set with images of its size and as many classes.
subject-fashion = It knows clothes from photographs: fill your outline in.
subject-own = It knows { $side }×{ $side } images, { $classes } classes: your drawing is resized.
class-fashion-0 = T-shirt
class-fashion-1 = trouser
class-fashion-2 = pullover
class-fashion-3 = dress
class-fashion-4 = coat
class-fashion-5 = sandal
class-fashion-6 = shirt
class-fashion-7 = sneaker
class-fashion-8 = bag
class-fashion-9 = ankle boot
charts-empty-fashion = Press Train and a network learns from the 60,000 photographs of clothing in Fashion-MNIST, starting from nothing (the first time about 30 MB are downloaded). All of it is computed in your browser.
charts-empty-mine = Press Train and a network learns from nothing but the digits that you drew. All of it is computed in your browser; what you draw never leaves this device.
charts-empty-own = Press Train and a network learns from your own files, starting from nothing. All of it is computed in your browser; the files never leave this device.
## Back in time

time-title = Go back in time
time-intro = While a network trains, its weights are kept now and then, most often at the beginning. Move the slider and see how the same network, at step 0, 50 or 500, reads your drawing, and what it takes for what.
time-empty = Press Train first; then there is a past to look at.
time-too-large = This network is too large: its weights at the beginning and at the end alone take more than 64 MB, so that none were kept.
time-step = Which step
time-where =
    { $known ->
        [fresh] Step 0: nothing learned yet
        [tested] Step { $step } ({ $epoch } epochs), training accuracy { $accuracy }, test accuracy { $test }
       *[trained] Step { $step } ({ $epoch } epochs), training accuracy { $accuracy }
    }
time-drawing = How it read your drawing then
time-neurons = Weights of the first layer then
time-neurons-text = The first { $units } neurons’ weights for each pixel: red above zero, blue below, as strong as they are beside the last step’s. Their size (root mean square) is { $size }.
time-confusion = What it took for what then
time-tested = { $accuracy } of the { $images } test images read right. A row is what it is, a column what it is read as.
time-running-on = Pause, or move the slider back, to have it read the test images.
