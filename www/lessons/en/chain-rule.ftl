chain-rule-paths = Paths
chain-rule-one = one: x → y → z
chain-rule-two = two: t → x, y → z
chain-rule-check = Check: move the beginning to both sides by h = 0.001; the difference at the end divided by 2h is { $slope }
chain-rule-picture = Functions one after another: numbers run ahead as values and back as slopes. Every step is written out below the buttons.
chain-rule-caption = Blue: values ahead. Dashed red: slopes back
