training-rate = 學習率
training-random = 重新隨機
training-step = 學一步
training-learn = 學習
training-pause = 暫停
training-loss = 誤差：{ $sum }
training-next = 下一步：{ $w }；{ $b }
training-far = 直線離這些點還很遠。拉拉看 w 和 b。
training-good = 誤差小於 0.1，拉得真好！
training-learning = 學習中……
training-still = 斜率幾乎是 0，學完了，一共走了 { $steps } 步。
training-lost = 誤差越來越大，這就是發散。把學習率調小，再重新隨機。
training-points = 七個點、直線 y = wx + b，和每個點到直線的差距。數字寫在滑桿下面。
training-points-caption = 藍點：正解；紅線：神經元的輸出；虛線：差距
training-time = 時間 →
training-history = 誤差隨時間變化的曲線，從隨機的權重到現在。現在的誤差寫在滑桿下面。
training-history-caption = 誤差，從隨機的權重開始到現在
