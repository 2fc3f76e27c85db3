## 每一課都用得到的字
lessons-title = 課程
lessons-intro = 每一課有一頁說明、一個可以動手玩的展示，還有幾個任務，做對了會自己打勾。照順序走，或挑想看的都可以。
lessons-total = 全部約 { $minutes } 分鐘。進度只存在這個瀏覽器裡。
lessons-nav = 課程選單
lessons-leave = ← 回到寫字頁
lessons-all = 全部課程
glossary = 名詞對照
glossary-title = 名詞對照
lesson-minutes = 約 { $minutes } 分鐘
lesson-print = 列印成學習單
lesson-steps = 前一課和下一課
lesson-previous = ← { $title }
lesson-next = { $title } →
tasks-done = 任務完成 { $done }/{ $all }
task-done = 完成
task-open = 還沒完成
task-done-said = 任務完成！{ $progress }
