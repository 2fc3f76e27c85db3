## Words that every lesson needs
lessons-title = Lessons
lessons-intro = Each lesson is a page of text, something to play with, and a few tasks that tick themselves when you have done them. Go in order, or pick what you like.
lessons-total = About { $minutes } minutes in all. Your progress stays in this browser.
lessons-nav = Lessons menu
lessons-leave = ← Back to drawing
lessons-all = All lessons
glossary = Glossary
glossary-title = Glossary
lesson-minutes = About { $minutes } minutes
lesson-print = Print as a worksheet
lesson-steps = The lesson before and the next
lesson-previous = ← { $title }
lesson-next = { $title } →
tasks-done = { $done } of { $all } tasks done
task-done = done
task-open = not done yet
task-done-said = Task done! { $progress }
