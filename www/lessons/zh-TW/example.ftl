example-picture = 例題的神經網路：左邊是兩個輸入，往右三層，每層兩個神經元。所有數字都寫在算式裡。
example-caption = 圓圈：輸出；線上：權重；顏色越深，輸出越大
example-neuron = 第 { $layer } 層，{ $unit ->
    [upper] 上面
   *[lower] 下面
}的神經元
example-w1 = 上面那條線的權重
example-w2 = 下面那條線的權重
example-b = 偏差 b
example-same = ✓ 投影片也是 { $printed }
example-different = ✗ 投影片印 { $printed }
example-reset = 回到投影片的數字
example-wrong = 六個輸出裡有 { $wrong } 個和投影片不一樣。
example-agrees = 六個輸出都和投影片一樣。
example-found = 六個輸出都對了！第 2 層下面的神經元，第二個權重應該是 −1，投影片印成了 1。
example-nothing = 輸入都是 0，權重乘出來全是 0，第一層只剩下偏差在說話。
example-other = 輸入改了，就不能和投影片比了。
