backpropagation-network = 網路
backpropagation-slides = 例題的神經網路
backpropagation-drawing = 現在的網路，和你寫的字
backpropagation-label = 正解
backpropagation-rate = 學習率
backpropagation-apply = x −= 斜率 × 學習率
backpropagation-reset = 重來
backpropagation-update = 套用後：w ← { $sum }
backpropagation-update-example = 套用後，例如輸出層的 w₁₁：w ← { $sum }
backpropagation-losses = 更新 { $steps } 次，C = { $losses }
backpropagation-step-0 = 輸入是 1 和 −1。按「下一步」往前走。
backpropagation-step-1 = 前向傳播：第一層
backpropagation-step-2 = 前向傳播：第二層
backpropagation-step-3 = 前向傳播：輸出層，用 softmax 變成機率（投影片用 sigmoid，得到 { $deck }）
backpropagation-step-4 = 誤差 C：正解的機率取 −ln
backpropagation-step-5 = 反向傳遞，情況一：輸出層，ŷ − y
backpropagation-step-6 = 反向傳遞，情況二：第二層。下一層是輸出層，∂C/∂z′ 剛算好
backpropagation-step-7 = 反向傳遞，情況二：第一層。下一層不是輸出層，用遞迴：再做一次一樣的事
backpropagation-weight = 權重或偏差
backpropagation-product = 斜率 = x · ∂C/∂z
backpropagation-tried = 用試的：(C(w + h) − C(w − h)) / 2h，h = { $h }
backpropagation-picture = 例題的神經網路：兩個輸入、兩層隱藏層、兩個機率和誤差 C。數字往前走，斜率往回走。每一步的算式都寫在圖的下面。
backpropagation-caption = 藍：前向傳播；紅虛線：反向傳遞。線上是權重，圈下的紅字是 ∂C/∂z
backpropagation-digit = 其實是
backpropagation-row = 像素在第幾列
backpropagation-column = 像素在第幾行
backpropagation-neuron = 第一層的第幾個神經元
backpropagation-steepest = 挑斜率最大的
backpropagation-read = 網路讀成 { $digit }。
backpropagation-no-ink = 先寫一個數字。
backpropagation-other-layers = 現在的網路還沒載入，或是有批次正規化（BatchNormalization），這裡拆不開。到實驗室換一個沒有它的網路再來。
backpropagation-ahead = 前向傳播：
backpropagation-back = 反向傳遞：
backpropagation-pixel = x = { $x }（第 { $row } 列第 { $column } 行的像素）
backpropagation-sum = { $inputs } 個輸入各乘權重，加起來再加偏差：{ $z }
backpropagation-pixels = 網路看到的 28×28 影像，框起來的是選到的像素。點一下可以換，也可以用滑桿。
backpropagation-pixels-caption = 點一個像素，就是選它到這個神經元的權重
