chain-rule-paths = 幾條路
chain-rule-one = 一條路：x → y → z
chain-rule-two = 兩條路：t → x、y → z
chain-rule-check = 驗算：把起點往兩邊各移 h = 0.001，結果的差除以 2h 是 { $slope }
chain-rule-picture = 函數一個接一個，數字往前走算出值，往回走算出斜率。每一步的算式都寫在按鈕下面。
chain-rule-caption = 藍：往前的值；紅虛線：往回的斜率
