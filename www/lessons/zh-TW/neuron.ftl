neuron-activation = 活化函數
neuron-sigmoid = sigmoid
neuron-tanh = tanh
neuron-relu = ReLU
neuron-output = a = { $name }({ $z }) = { $a }
neuron-slope = 這裡的斜率：{ $slope }
neuron-plane = 輸入的平面：點是現在的輸入，紅線是 z = 0，顏色越深輸出越大。數字寫在滑桿下面。
neuron-plane-caption = 輸入的平面和 z = 0 的線
neuron-curve = 活化函數和它的斜率，點標出現在的 z。數字寫在滑桿下面。
neuron-curve-caption = 藍：活化函數；紅：它的斜率
