network-shown = 給網路看
network-drawing = 我寫的字
network-between = 兩個數字之間
network-from = 從
network-to = 變成
network-share = 變了多少（%）
network-none = 網路還沒準備好。
network-empty = 還沒有字，所以每一層都是暗的。
network-read = 讀成 { $first }：{ $most }，第二像的是 { $second }：{ $next }
network-input = 輸入層：{ $size } 個點
network-hidden = 隱藏層 { $number }：{ $size } 個神經元，亮的有 { $lit } 個
network-output = 輸出層：{ $size } 個神經元
network-legend = 亮的神經元：至少有同一層最亮的十分之一亮。白色是正的輸出，藍色是負的。
network-weights = 輸入層和第一個隱藏層之間的連線：
network-right = 答對了！{ $inputs } × { $units } = { $weights }
network-wrong = 還不對。前一層的每一個都連到後一層的每一個。
