# 繁體中文。index.html 裡的文字和這裡相同(tests/locales.rs 會檢查)。

page-title = Inkling：寫一個數字，看神經網路學會讀它
tagline = 寫一個數字，看神經網路學會讀它。
language = 語言 Language
notes-close = 知道了
kept-text = 上次的訓練在第 { $epoch } 輪（共 { $epochs } 輪）、第 { $step } 步時中斷了，進度都還在。
kept-continue = 接著練
kept-discard = 不要了
note-not-kept = 這個瀏覽器不能幫你留住進度（{ $error }）。其他功能照常，但關掉分頁，訓練就會不見；想留下的網路請先存成檔案。
waiting =
    { $what ->
        [model] 讀字的網路還沒載入完。
        [program] 訓練用的程式還沒載入完。
       *[images] 訓練圖片還沒下載完。
    }{ $reason ->
        [offline] 現在沒有網路，網路一恢復就會接著下載。
        [busy] 伺服器現在太忙（HTTP { $status }），等一下會自動再試。
        [stalled] 有一陣子沒收到資料了，等一下會自動再試。
        [sign-in] 回應的不是這個網站，這個 Wi-Fi 可能要先登入：開另一個網頁登入，再回到這裡。
       *[cut] 連線斷了，等一下會自動再試。
    }下載好的部分會留著，等的時候可以先寫字。
waiting-now = 現在再試一次
update = 有新版本了。
update-now = 換成新版本
update-later = 正在訓練，等訓練結束再換，才不會丟掉這次訓練。

## 寫字

draw-title = 寫字的地方
draw =
    .aria-label = 寫字格：用滑鼠、手指或筆寫一個 0 到 9 的數字
draw-fashion =
    .aria-label = 畫圖的格子：用滑鼠、手指或筆畫一件衣服、一雙鞋或一個包包
draw-own =
    .aria-label = 畫圖的格子：用滑鼠、手指或筆畫一張圖
draw-hint = 在格子裡寫一個 0 到 9 的數字
draw-hint-fashion = 畫一件衣服、鞋子或包包，裡面塗滿
draw-hint-own = 畫一張像你的圖片的圖
draw-keys = Delete 鍵清除全部，Ctrl+Z 復原上一筆。
undo = 復原一筆
clear = 清除

## 網路讀到的

result-title = 網路讀到的
verdict = 讀成
verdict-unsure = 不太確定，可能是
verdict-or = 或
announcement-unsure = 不太確定，可能是 { $first } 或 { $second }
confidence = 機率 { $probability }
empty = 還沒有字，網路不會亂猜。
seen =
    .aria-label = 網路看到的 28×28 影像
seen-caption = 網路看到的 28×28
seen-caption-side = 網路看到的 { $side }×{ $side }
bars =
    .aria-label = 每個答案的機率
announcement = { $digit }，{ $probability }

## 訓練

train-title = 讓一個全新的網路從頭學
train = 開始訓練
pause = 暫停
resume = 繼續
step = 走一步
step-button =
    .title = 只學一個小批次（mini-batch）
stop = 停止
stop-button =
    .title = 到此為止，並用測試集考一次試
reset = 重來
reset-button =
    .title = 丟掉這次訓練，換一個還沒學過的網路
progress =
    .aria-label = 訓練進度

state-loading = 正在載入內建網路……
state-preparing = 正在準備訓練……
state-download = 正在下載訓練圖片：{ $loaded } / { $total } MB
state-ready = 準備好了。
state-training = 訓練中：第 { $epoch } 輪，共 { $epochs } 輪
state-paused = 暫停在第 { $epoch } 輪，共 { $epochs } 輪
state-done = 訓練結束。{ $images } 張沒看過的測試圖片，答對 { $accuracy }。
state-failed = 沒有成功，原因寫在上面。

progress-steps = 第 { $step } 步 · 每秒 { $speed } 張圖
progress-left =
    { $steps } · 大約還要 { $amount } { $unit ->
        [minutes] 分鐘
       *[seconds] 秒
    }

measure-loss = 誤差（loss）
measure-accuracy = 訓練正確率
measure-validation = 驗證正確率
measure-test = 測試正確率
measure-to-97 = 到 97%
measure-to-98 = 到 98%
measure-total = 總共
time = { $seconds } 秒
time-none = 沒到
times-rule = 時間從按下「開始訓練」算起，暫停不算；到 97% 和 98% 看的是驗證正確率。
times-rule-preparing = 時間從按下「開始訓練」算起（其中 { $preparing }在準備程式和圖片），暫停不算；到 97% 和 98% 看的是驗證正確率。
copy = 複製成績
card = 存成圖卡
card-read = 讀成 { $digit }，機率 { $probability }
card-network = 網路 { $sizes }
card-accuracy = 測試正確率 { $accuracy }
card-curve = 正確率：訓練（藍）、驗證（紅）
copied = 複製好了，可以貼到別的地方。
not-copied = 瀏覽器不讓網頁複製，請自己複製下面的文字。
result-area =
    .aria-label = 成績
result-text =
    Inkling 的訓練成績
    到 97%：{ $to97 }，到 98%：{ $to98 }（驗證正確率；從按下「開始訓練」算起，暫停不算）
    總共：{ $total }，其中準備程式和圖片 { $preparing }
    測試正確率：{ $test }，驗證正確率：{ $validation }
    資料：{ $data }，網路：{ $network }，學了 { $epochs } 輪，{ $steps } 步，種子 { $seed }{ $augment ->
        [on] ，有資料增強
       *[off] { "" }
    }{ $rate ->
        [changed] ，中途改過學習率
       *[kept] { "" }
    }
    { $device }
    { $browser }，{ $cores } 個核心
    { $address }
chart-loss = 誤差函數（loss）
chart-accuracy = 正確率（%）
legend-training = 訓練
legend-validation = 驗證
charts-empty = 按下「開始訓練」，網路會用 MNIST 的 60,000 張手寫數字從零學起。全部在你的瀏覽器裡計算，你寫的字不會離開這台裝置。

## 正在作答的網路

network-title = 正在作答的網路
source-none = 還沒有網路
source-shipped =
    { $known ->
        [yes] 內建網路，測試正確率 { $accuracy }
       *[no] 內建網路
    }
source-fresh = 全新的網路，還沒學過，只會亂猜
source-trained =
    { $known ->
        [yes] 你訓練的網路，測試正確率 { $accuracy }
       *[no] 你訓練的網路，學了 { $epoch } 輪，第 { $step } 步
    }
source-taught = 用你的 { $drawings } 個字教過的網路
source-file =
    { $known ->
        [yes] 從檔案讀取：{ $name }，測試正確率 { $accuracy }
       *[no] 從檔案讀取：{ $name }
    }
shape = { $sizes }，共 { $parameters } 個權重和偏差
save = 存成檔案
load = 讀取檔案
shipped = 換回內建網路
own = 換回你訓練的網路

## 我的字

show-steps = 怎麼變的？
    .aria-label = 怎麼變的？看你寫的字怎麼變成 28×28
steps-title = 你寫的字，怎麼變成網路看到的樣子
steps-why = MNIST 的每個字也是這樣做出來的，所以網路看你的字，就像看它學過的字。
steps-drawn-title = 寫
steps-drawn = 你的筆畫，寫多大、寫在哪裡都可以。
steps-boxed-title = 框
steps-boxed = 用剛好的方框框住，縮放到一樣大，筆畫也變得一樣粗。
steps-pixels-title = 20×20
steps-pixels = 方框切成 20×20 格，每格蓋到多少墨水，就有多亮。
steps-centered-title = 28×28
steps-centered = 放進 28×28，一格一格移動，讓墨水的重心（圓點）最靠近正中間。
steps-close = 關閉
steps-again = 再看一次

tell = 讀錯了？教它
tell-digits =
    .aria-label = 這個字是幾？
my-digits-title = 我的字
my-digits-empty = 網路讀錯時，按「讀錯了？教它」告訴它正確答案，你寫的字就會收在這裡，再用這些字教網路。
my-digits-not-kept = 這個瀏覽器不讓網頁存東西：關掉這一頁，你的字就不見了。想留著，請先匯出。
my-digit = 你寫的 { $digit }
my-digit-delete = 刪除這個 { $digit }
teach = 用我的字教網路
teach-other = 正在作答的網路讀的不是 28×28 的數字，不能用你的字教它。換回內建網路，或訓練一個讀數字的網路，就可以。
teach-busy = 先結束這次訓練，才能用你的字教網路。
teaching = 正在學你的字……
taught = 學好了。你的 { $drawings } 個字，原本讀對 { $before } 個，現在讀對 { $after } 個。MNIST 的驗證正確率原本 { $validation-before }，現在 { $validation-after }。
unteach = 退回教之前
my-digits-undo = 復原
my-digits-clear = 全部刪除
my-digits-export = 匯出
my-digits-import = 匯入

## 哪裡讀錯了

judge-title = 哪裡讀錯了？
judge-intro = 讓正在作答的網路讀完所有的測試圖片，看它把什麼讀成什麼。再考另一個網路，就能一張一張比。
judge-test = 讀測試圖片
judge-running = 正在讀測試圖片……
judge-done = { $network }：{ $data } 的 { $images } 張測試圖片，讀對 { $right } 張，正確率 { $accuracy }。換一批同樣的圖片，有 95% 的信心，正確率在 { $low } 到 { $high } 之間。
judge-mistakes = 看所有讀錯的
versus-other = 上一個網路考的是別的圖片，不能一張一張比。
versus-title = 和上一個網路比
versus-whose = { $name }：{ $network }
versus-caption = 兩個網路各讀對哪些圖片（按數字看圖片）
versus-a-right = A 讀對
versus-a-wrong = A 讀錯
versus-b-right = B 讀對
versus-b-wrong = B 讀錯
versus-text =
    { $verdict ->
        [same] 沒有一張圖片是只有一個網路讀對的，分不出高下。
        [differ] 只有 A 讀對的有 { $a } 張，只有 B 讀對的有 { $b } 張。假如兩個網路其實一樣好，誰獨自讀對就像丟硬幣，會差這麼多的機會（McNemar 檢定的 p 值）是 { $chance }：很難說只是運氣。
       *[luck] 只有 A 讀對的有 { $a } 張，只有 B 讀對的有 { $b } 張。假如兩個網路其實一樣好，誰獨自讀對就像丟硬幣，會差這麼多的機會（McNemar 檢定的 p 值）是 { $chance }：可能只是運氣。
    }
confusion-title = 混淆矩陣：什麼被讀成什麼
confusion-help = 一列是圖片真正是什麼，一欄是網路讀成什麼。按一格看那些圖片，最離譜的在前面；方向鍵可以在格子之間移動。
confusion-corner = 真正
confusion-cell = { $label } 讀成 { $read }：{ $images } 張
gallery-right = { $label } 讀對的 { $images } 張，最危險的在前面
gallery-cell = { $label } 讀成 { $read } 的 { $images } 張，錯得最有把握的在前面
gallery-mistakes = 讀錯的 { $images } 張，錯得最有把握的在前面
gallery-both = 兩個網路都讀對的 { $images } 張
gallery-only-a = 只有 A 讀對的 { $images } 張
gallery-only-b = 只有 B 讀對的 { $images } 張
gallery-neither = 兩個網路都讀錯的 { $images } 張
gallery-help = 圖下面是網路讀成什麼、有多少把握。按一張圖，就放到寫字格上，可以接著寫。
gallery-image = { $caption }。第 { $number } 張：真正是 { $label }，讀成 { $read }，把握 { $sure }。放到寫字格上
gallery-loaded = 第 { $number } 張（真正是 { $label }）在寫字格上了。{ $resized ->
        [yes] 格子是 28×28，所以從 { $side }×{ $side } 縮放過，網路讀到的可能有一點不一樣。
       *[no] { "" }
    }可以接著寫；復原或清除就拿掉。
gallery-more = 看更多（還有 { $left } 張）
classes-title = 每一類讀得多準
classes-caption = 召回率：這一類的圖片有多少讀對。精確率：讀成這一類的有多少真的是。F1：兩者的調和平均。
classes-digit = 類別
classes-images = 張數
classes-recall = 召回率
classes-precision = 精確率
calibration-title = 它說有幾成把握，就對幾成嗎？
calibration-axes = 橫軸：它的把握（最大的機率）。縱軸：其中真的讀對的比例。虛線：說幾成就對幾成。圓點越大，圖片越多。
calibration-text = 把握和真正讀對的比例，平均差 { $error }（校準誤差）。
calibration-numbers = 曲線的數字
calibration-bin = 把握
calibration-sure = 平均把握
calibration-right = 讀對

## 換個樣子考考它

robustness-title = 換個樣子考考它
robustness-intro = 測試正確率只告訴你，網路讀原本的圖片有多準。把圖片移一點、轉一點、變大變小、變粗變細，它還讀得對嗎？最多用 1,000 張測試圖片考考正在作答的網路。
robustness-test = 開始考
robustness-running = 正在考：{ $done } / { $all }
robustness-done = { $network }：{ $data } 的圖片，原本的讀對 { $plain }；最難的是「{ $change }」，在最差的方向只讀對 { $worst }。
robustness-change = 改變
robustness-example = 你的字
robustness-mean = 讀對
robustness-worst = 最差的方向
robustness-previous = 上一個網路
robustness-whose = 上一個網路：{ $network }
change-none = 不變
change-shift = 移 { $pixels } 個像素
change-scale = 大小 × { $size }
change-rotation = 轉 { $degrees } 度
change-thin = 變細
change-thick = 變粗

## 設定

settings-title = 怎麼學
settings-when = 學習率隨時可以改；其他設定從下一次訓練開始生效。設定都寫在網址裡，複製網址就能分享。
preset = 現成的設定
preset-slides = 和投影片一樣
preset-race = 比快：最快答對 98%
preset-custom = 自己調的
preset-hint = 一次填好下面的設定，再自己改也可以。
layers = 隱藏層（hidden layers）
layers-hint = 也可以直接打字：「128, dropout:0.2, 64:tanh」；留空就沒有隱藏層。
activation = 活化函數（activation）
activation-linear = 線性（linear）
activation-hint = 神經元把加權總和變成輸出的方式。
optimizer = 最佳化方法（optimizer）
optimizer-sgd = 梯度下降
optimizer-momentum = 動量（momentum）
optimizer-nesterov = Nesterov 動量
optimizer-hint = 怎麼依照斜率調整權重和偏差。
learning-rate = 學習率（learning rate）
learning-rate-hint = 每一步走多遠。太小學得慢，太大會亂跳。
schedule = 學習率的變化（schedule）
schedule-constant = 固定不變
schedule-step-decay = 分段下降（step decay）
schedule-cosine = 餘弦下降（cosine）
schedule-one-cycle = 先升後降（one-cycle）
schedule-hint = 會變化的時候，填的學習率就是最高的那一點。
batch = 批次大小（batch size）
batch-hint = 看幾張圖調整一次權重。
epochs = 要學幾輪（epochs）
epochs-hint = 全部訓練圖片看過一遍是一輪。
augment = 資料增強（augmentation）
augment-hint = 每張圖每一輪都隨機轉一點、移一點、彎一點、變粗或變細一點，網路就比較不怕沒看過的寫法。計算會久一點；驗證和測試的圖片不變。
augmented-copies =
    .aria-label = 你寫的字隨機變化成的六個樣子
augmented-caption = 你寫的字會這樣變
backend = 用什麼計算
backend-auto = 自動選擇
backend-probing = 正在試這台裝置用什麼算最快……
backend-is-webgpu = 用 WebGPU 計算：{ $adapter }
backend-is-cpu = 用 CPU 計算，{ $workers } 個執行緒。
backend-fallback = { $cpu }沒有用 WebGPU：{ $reason }
engine =
    { $engine ->
        [webgpu]
            { $tuning ->
                [subgroups] 計算引擎：WebGPU（用 subgroup，在這台裝置上實測比較快）。
                [f16] 計算引擎：WebGPU（乘積用 16 位元，在這台裝置上實測比較快）。
                [subgroups-f16] 計算引擎：WebGPU（用 subgroup，乘積用 16 位元，在這台裝置上實測比較快）。
               *[other] 計算引擎：WebGPU。
            }
        [relaxed] 計算引擎：WebAssembly（relaxed SIMD）。
       *[simd128] 計算引擎：WebAssembly（SIMD）；這個瀏覽器沒有更快的 relaxed SIMD。
    }
workers-alone =
    { $reason ->
        [not-isolated] 只能用一個執行緒：伺服器沒有送出讓執行緒共用記憶體的標頭。
        [little-memory] 這台裝置的記憶體不多，所以只用一個執行緒。
       *[no-shared-memory] 只能用一個執行緒：這個瀏覽器沒有可以共用的記憶體。
    }
backend-race =
    { $outcome ->
        [late] { $computes }WebGPU（{ $adapter }）來不及準備好。
        [webgpu] { $computes }，在這台裝置上的速度是 CPU 的 { $ratio } 倍（每秒 { $webgpu } 張和 { $cpu } 張圖）。
       *[cpu] { $computes }在這台裝置上的速度是 WebGPU（{ $adapter }）的 { $ratio } 倍（每秒 { $cpu } 張和 { $webgpu } 張圖）。
    }
more-settings = 更多設定
seed = 亂數種子（seed）
seed-hint = 同樣的種子和設定，在同樣的計算裝置上會得到一樣的訓練。
workers = CPU 執行緒（workers）
workers-hint = 幾個一起算。留空就自動決定。

## 網路怎麼學

how-title = 網路怎麼學？同樣的四件事，做幾千次
how-forward-title = 猜
how-forward = 784 個像素乘上權重（weight）、加上偏差（bias），通過活化函數，一層一層算到十個機率。
how-loss-title = 對答案
how-loss = 誤差函數（loss function）量出機率和正解差多少。猜得越離譜，誤差越大。
how-backprop-title = 往回推
how-backprop = 反向傳播（backpropagation）從輸出一層層往回推，算出每個權重的斜率，也就是梯度。
how-descent-title = 走一小步
how-descent = 梯度下降（gradient descent）：每個權重都往誤差變小的方向走一點，權重 −= 斜率 × 學習率。

## 說明與錯誤

note-address = 網址裡有看不懂的設定，改用預設值。{ $error }
note-files = 「{ $name }」不能當成學習用的圖片。{ $error }
note-recovered = { $reason }換了別的執行緒，訓練從第 { $step } 步接著進行。
note-begun-again = { $reason }換了別的執行緒，訓練從頭開始。
note-file = 「{ $name }」不能用，目前的網路沒有變。{ $error }

error-truncated = { $what }不完整：應該有 { $expected } 個位元組，只有 { $got } 個。
error-trailing-bytes = { $what }太長：應該有 { $expected } 個位元組，卻有 { $got } 個。
error-not-a = 這不是 { $what }。
error-version = 這個檔案的版本是 { $got }，這裡讀得懂的是版本 { $supported }。
error-checksum = { $what }的內容壞了：檢查碼不合。
error-too-large = { $what }太大：{ $got }，上限是 { $limit }。
error-shape =
    { $kind ->
        [my-digits] 要用我的字來學，至少要有 { $expected } 個，現在有 { $got } 個。寫一個字，按「讀錯了？教它」，說它是幾，就多一個。
        [different-digits] 我的字全都是同一個數字，分不出什麼：至少要有兩種數字。
        [labels-for-the-images] 圖片有 { $expected } 張，標籤卻有 { $got } 個：這兩個檔案不是一組。
        [image-files] 要有 { $expected } 個圖片檔，卻有 { $got } 個：請把圖片檔和標籤檔一起選，一共兩個或四個。
        [label-files] 要有 { $expected } 個標籤檔，卻有 { $got } 個：請把圖片檔和標籤檔一起選，一共兩個或四個。
       *[other] { $what }不合：應該是 { $expected }，卻是 { $got }。
    }
error-setting = { $name }不能是「{ $value }」。可以用的是：{ $allowed }。
error-not-finite =
    { $kind ->
        [the-loss] 誤差衝到無限大了，通常是學習率太大。把學習率調小，再試一次。
       *[other] { $what }裡有不是數字的值。
    }
error-malformed = { $what }讀不出來：{ $reason }
error-no-gpu = 不能用 WebGPU：{ $reason }
error-device = 計算裝置停止運作了：{ $reason }
error-fetch = { $what }載入失敗：{ $reason }
error-state = { $reason }

gpu-insecure-page = 這一頁不是從 https 或 localhost 開啟的。
gpu-no-api = 這個瀏覽器沒有 WebGPU。
gpu-no-adapter = 瀏覽器找不到可以用的顯示卡。
gpu-no-device = 顯示卡沒有回應。{ $detail }
gpu-self-test-failed = 顯示卡算出來的數字和 CPU 不一樣。{ $detail }
gpu-lost = 顯示卡停止運作了。{ $detail }
gpu-wrong-loss = 顯示卡算出來的數字不可能是對的。{ $detail }

thing-the-model-file = 模型檔
thing-the-model-file-s-header = 模型檔的檔頭
thing-an-inkling-model-file = Inkling 的模型檔
thing-pixels-of-an-image = 圖片的像素數
thing-number-of-classes = 類別數
thing-number-of-weights = 權重的個數
thing-the-weights = 權重
thing-the-loss = 誤差
thing-my-digits = 「我的字」
thing-the-drawing = 這個字
thing-the-file = 這個檔案
thing-line = 第 { $number } 行
thing-a-message = 訊息
thing-an-event = 訓練程式的訊息
thing-shared-memory-for-this-network = 這個網路需要的共用記憶體
thing-data = 資料集（data）
thing-different-digits = 不同的數字
thing-labels-for-the-images = 圖片的標籤
thing-the-image-file = 圖片檔
thing-the-label-file = 標籤檔
thing-an-idx-file-of-images-or-labels = 圖片或標籤的 IDX 檔
thing-an-image-s-side = 圖片的長或寬
thing-the-number-of-classes = 類別的數量
thing-image-files = 圖片檔
thing-label-files = 標籤檔
thing-images = 圖片
thing-preset = 現成的設定
thing-initializer = 權重一開始的方式
thing-l2 = L2 懲罰
thing-loss = 誤差函數
thing-validation = 驗證的比例
thing-validation-share = 驗證的比例
thing-patience = 提早結束的輪數
thing-dropout = Dropout 的比例
thing-blocks = 積木的數目
thing-training-s-memory = 訓練要用的記憶體
thing-layers = 隱藏層
thing-units = 每層的神經元數
thing-parameters = 權重和偏差的總數
thing-activation = 活化函數
thing-optimizer = 最佳化方法
thing-lr = 學習率
thing-learning-rate = 學習率
thing-schedule = 學習率的變化
thing-batch = 批次大小
thing-batch-size = 批次大小
thing-epochs = 輪數
thing-augment = 資料增強
thing-seed = 亂數種子
thing-backend = 計算裝置
thing-workers = 執行緒數
thing-lang = 語言
thing-hide = 要隱藏的項目
thing-lock = 要鎖住的項目
thing-panel = 要打開的區塊
thing-embed = 要嵌入的區塊
thing---models-shipped-inkling = 內建網路
thing-the-data-file-train-images-idx3-ubyte-gz = 訓練資料檔 train-images-idx3-ubyte.gz
thing-the-data-file-train-labels-idx1-ubyte-gz = 訓練資料檔 train-labels-idx1-ubyte.gz
thing-the-data-file-t10k-images-idx3-ubyte-gz = 訓練資料檔 t10k-images-idx3-ubyte.gz
thing-the-data-file-t10k-labels-idx1-ubyte-gz = 訓練資料檔 t10k-labels-idx1-ubyte.gz

## 堆出網路
build-title = 堆出網路
build-intro = 一層一層往下堆。資料從上面進去，從下面出來，就像投影片上 Keras 的積木。
build-input = { $inputs } 個像素，每個 0 到 1
build-output = { $kind ->
    [digits] 十個數字的機率
    [fashion] 十種衣物的機率
   *[own] { $classes } 類的機率
 }
build-add =
  .aria-label = 加一塊
build-more = 權重怎麼開始、會不會太大
block-dense = { $inputs } 個輸入，{ $outputs } 個神經元，每個都連到每個輸入
block-dropout = 訓練時隨機關掉一部分的輸出，網路就不能只靠少數幾個神經元
block-norm = 每個小批次裡，把每個數調到平均 0、變異數 1，再學一個倍數和位移
block-units = 神經元
block-rate = 關掉的比例
block-activation = 活化函數
block-initializer = 權重一開始
block-l2 = L2 懲罰
block-common = 同其他層
block-common-choice = 同其他層：{ $used }
block-up = 把第 { $number } 塊 { $name } 往上移
block-down = 把第 { $number } 塊 { $name } 往下移
block-remove = 拿掉第 { $number } 塊 { $name }
cost = { $parameters } 個參數。訓練大約用 { $memory } MB 記憶體，每一輪大約 { $seconds } 秒（估計）。
cost-too-large = { $parameters } 個參數。訓練大約要 { $memory } MB 記憶體，超過網頁能用的 { $most } MB，沒辦法訓練：請把層變小、變少，或把批次變小。
initializer = 權重一開始（initializer）
initializer-auto = 依活化函數決定
initializer-normal = 常態分布（標準差 0.05）
initializer-zeros = 全部是 0
initializer-hint = 隨機抽，而且大小要剛好。全部是 0 的話，同一層的神經元永遠一模一樣，學不起來。
l2 = L2 懲罰
l2-hint = 誤差多加上「這個數 × 權重的平方和」，權重就不會長得太大。0 就是不加。
loss = 誤差函數（loss）
loss-cross-entropy = 交叉熵（cross-entropy）
loss-mse = 均方誤差（MSE）
loss-hint = 怎麼量答案差多少。分類通常用交叉熵，錯得離譜時斜率也大，學得快。
validation = 留下多少來驗證（validation）
validation-none = 不留
validation-hint = 這些訓練圖片不拿來學，每一輪用它們考一次，看網路是真的會，還是只背答案。
patience = 提早結束（early stopping）
patience-hint = 驗證誤差連續幾輪沒有變小就結束。0 就是學完所有輪數。
preset-modern = 現在常用的
preset-deep-sigmoid = 六層 sigmoid：梯度消失
code-title = 同一個網路，用 Keras 和 PyTorch 寫
code-copy-keras = 複製 Keras 程式
code-copy-pytorch = 複製 PyTorch 程式
code-copied = 複製好了。
code-not-copied = 瀏覽器不讓網頁複製。請自己選取程式再複製。
summary-totals = 參數共 { $all } 個：{ $trainable } 個會學，{ $fixed } 個不會（BatchNormalization 的移動平均）。

## The lessons
lessons = 課程
how-lessons = 從神經元到反向傳播：一課一課動手玩

## 連結
copy-link = 複製這個實驗的連結
link-copied = 連結複製好了。打開的人會看到一樣的設定、一樣的語言。
link-not-copied = 瀏覽器不讓網頁複製。請直接複製網址列的網址，裡面有一樣的設定。
## 看進網路裡面

inside-title = 看進網路裡面
inside-intro = 你寫的字怎麼一層一層變成答案。每一層挑出最活躍的神經元，線是貢獻（權重 × 輸入）最大的連線；下面的小方格是整層所有的神經元。點一個神經元，就看得到它怎麼算。
inside-empty = 先寫一個字，這裡就會動起來。
inside-plus = 正的
inside-minus = 負的
inside-strength = 顏色越深，數字越大
inside-stage = 層
inside-unit = 第幾個神經元（從 0 數）
inside-layer = 第 { $number } 層：{ $kind }，{ $units } 個神經元
inside-weights-of = { $layer }的第 { $unit } 個：它的 { $count } 個權重。紅的是正的，藍的是負的，越淡越接近 0。
inside-sum = z = 加權總和 { $written } ＋ 偏差 { $bias } = { $z }，a = { $f }(z) = { $a }
inside-from = 輸入
inside-pixel = 像素（第 { $row } 列第 { $column } 行）
inside-others = 其他 { $count } 項的和
inside-bias = 偏差 b
inside-weight =
    .aria-label = 權重，可以改
inside-bias-field =
    .aria-label = 偏差，可以改
inside-undo = 復原上一個改動
inside-learned = 回到學會的權重
inside-unchanged = 改改看上面的權重或偏差，答案馬上會變。
inside-wait = 正在訓練，權重一直在變。暫停之後就可以自己改。
inside-changed = 改了 { $count } 個數：原本讀成 { $before }（{ $before-share }），現在讀成 { $after }（{ $after-share }）。
saliency-title = 哪些墨水支持、哪些反對？
saliency-digit = 對哪個答案
saliency-best = 網路讀到的那個
saliency-text = 讀成 { $digit } 的分數是 { $score }。紅色墨水支持 { $digit }，合計 { $for }，最多在{ $where-for }；藍色墨水反對，合計 { $against }，最多在{ $where-against }。（斜率 × 墨水）
field-and = 和
field-0 = 左上
field-1 = 上方
field-2 = 右上
field-3 = 左邊
field-4 = 中間
field-5 = 右邊
field-6 = 左下
field-7 = 下方
field-8 = 右下

## 圖和每次訓練
loss-chart =
    .aria-label = 誤差的曲線：用左右鍵看每一點的值
accuracy-chart =
    .aria-label = 正確率的曲線：用左右鍵看每一點的值
chart-axis-epoch = 橫軸：第幾輪（epoch）
chart-axis-step = 橫軸：第幾步（step）
chart-axis-seconds = 橫軸：開始訓練後幾秒
chart-runs =
    .aria-label = 一起畫出來的其他訓練
chart-options = 圖怎麼畫
chart-along = 橫軸
chart-along-epoch = 第幾輪（epoch）
chart-along-step = 第幾步（step）
chart-along-seconds = 時間（秒）
chart-which = 畫哪些線
chart-which-both = 訓練和驗證
chart-which-training = 只畫訓練
chart-which-validation = 只畫驗證
chart-smoothing = 把訓練的線變平滑
chart-smoothing-hint = 每一點改成和前面幾點的加權平均，越近的算得越重（EMA），看得出走勢；淡的線是原來的值。
chart-log = 誤差用對數刻度
chart-log-hint = 往下同樣的高度，誤差就縮小同樣的倍數，所以很小的誤差也看得清楚。
chart-numbers = 用表格看這次訓練的數字
chart-column-epoch = 輪
chart-column-step = 步
chart-column-seconds = 秒
chart-column-loss = 訓練誤差
chart-column-validation-loss = 驗證誤差
chart-at-epoch = 第 { $place } 輪
chart-at-step = 第 { $place } 步
chart-at-seconds = { $place } 秒
chart-head =
    { $place } · { $which ->
        [training] 訓練
        [validation] 驗證
       *[both] 訓練 / 驗證
    }
run-present = 這次訓練
run-number = 第 { $number } 次
runs-title = 比較每次訓練
runs-intro = 訓練完的成績和曲線都留在這個瀏覽器裡，最多 50 次，太多的時候最舊的先走。打勾的，曲線會一起畫在上面的圖裡。設定不一樣的地方，標成一欄。測試正確率後面的括號是 95% 的區間。
runs-empty = 還沒有訓練完的。
runs-not-kept = 這個瀏覽器存不下這些成績：關掉這一頁就不見了。想留著，請先存成檔案。
runs-curve = 曲線
runs-name = 名稱
runs-speed = 每秒幾張圖
runs-do = 動作
runs-show-one = 畫出「{ $run }」的曲線
runs-rename = 「{ $run }」的名稱
runs-use = 再用這組設定
runs-use-one = 再用這組設定：「{ $run }」
runs-delete = 刪除「{ $run }」
runs-same = 都一樣的設定：{ $list }。
runs-comma = 、
runs-on = 有
runs-off = 沒有
runs-summary = { $runs } 個種子：平均 ± 標準差
runs-show = 畫出全部曲線
runs-hide = 全部不畫
runs-csv = 存成表格（CSV）
runs-png = 存成圖（PNG）
runs-clear = 全部刪除
runs-undo = 復原刪除
repeat-seeds = 種子數
repeat = 換種子，重複訓練
repeat-stop = 不再重複
repeat-hint = 用現在的設定，換 2 到 20 個種子各練一次。一次的成績有運氣，好幾次的平均才看得出這些設定好不好。
repeat-running = 正在練第 { $number } 個種子，共 { $seeds } 個。
repeat-done = { $runs } 個種子，平均 ± 標準差：測試正確率 { $test }，驗證正確率 { $validation }，到 97%：{ $to97 }，到 98%：{ $to98 }。

## 每一層

diagnosis-title = 每一層學得怎麼樣？
diagnosis-intro = 訓練的時候，看每一層的權重、梯度和每一步的更新有多大，神經元的輸出落在哪裡。哪裡不對勁，這裡會說出來，也告訴你看哪一課。
diagnosis-empty = 按下「開始訓練」，這裡就會動起來。
diagnosis-state = 第 { $step } 步，用 { $images } 張訓練圖片量的，誤差（loss）是 { $loss }。
diagnosis-fine = 看起來都正常。
diagnosis-weights = 權重
diagnosis-gradients = 梯度
diagnosis-updates = 每步更新
diagnosis-dead = 死掉的神經元
diagnosis-saturated = 飽和的神經元
diagnosis-outputs = 橫軸是輸出，從 { $low } 到 { $high }；最多的一格（{ $share }）在 { $from } 到 { $to }
diagnosis-how = 這些數字怎麼量的？
diagnosis-how-size = 大小是均方根（RMS）：每個數平方，取平均，再開根號。權重是 W，不含偏差；BatchNormalization 量的是它的倍數。
diagnosis-how-gradients = 梯度：這些圖片的平均誤差（有 L2 懲罰就加上去）對每個權重的斜率。Dropout 和訓練時一樣，但圖片保持原樣，不做資料增強。
diagnosis-how-updates = 每步更新：每個權重和上次量的時候差多少，除以中間走了幾步。一來一回會抵消，所以這是真正前進的速度。
diagnosis-how-stuck = 死掉：這些圖片沒有一張讓它有斜率（ReLU 一直輸出 0）。飽和：平均斜率不到 sigmoid 或 tanh 最陡處的 5%。兩種都幾乎學不動。
diagnosis-how-bars = 大小的橫條是對數刻度，從 10⁻⁷ 到 1：短七分之一，就小十倍。直方圖的高度取平方根，少的也看得見。
diagnosis-how-cost = 每次都用同一批圖片，最多 200 張，從拿來學的圖片裡平均挑出來。最多一秒量四次，花的時間不到 5%，不影響訓練的結果；收起來就不量。
warning-exploding = 誤差爆掉了：比亂猜還糟得多，而且比一開始大了一倍以上。通常是學習率太大，每一步都跨過頭。把學習率調小，再試一次。
warning-dead = 第 { $layer } 層有超過 { $share } 的神經元死掉了：看哪張圖片都不輸出，斜率是 0，就再也學不動。通常是學習率太大：調小一點，或改用 leaky ReLU。
warning-saturated = 第 { $layer } 層有超過 { $share } 的神經元飽和了：加權總和太大，輸出卡在兩端，那裡的斜率幾乎是 0，學得很慢。通常是學習率太大，或權重一開始就太大。
warning-vanishing = 梯度消失：第 1 層的梯度不到最大那一層的百分之一，前面的層幾乎不動。往回推的時候，每過一層 sigmoid，梯度頂多剩四分之一。改用 ReLU、少疊幾層，或加上 BatchNormalization。
warning-slow = 學習率可能太小：照這個速度，全部學完，權重也變不到一成，誤差卻還很大。把學習率調大試試。
warning-lesson-gradient-descent = 看課程「梯度下降」
warning-lesson-break-it = 看課程「故意弄壞它」
warning-lesson-backpropagation = 看課程「反向傳播」

## 資料
data-title = 用什麼資料學
data = 資料集（data set）
data-mine = 我的字
data-own = 自己的檔案（IDX）
data-files = 選自己的檔案
data-files-hint = IDX 格式，和 MNIST 的檔案一樣，有沒有壓縮（.gz）都可以：圖片檔和標籤檔各一個，會自動留下六分之一來考試；或是四個，訓練和測試分開。圖片最大 64×64，最多 100 類。也可以直接拖到這一頁上。檔案只留在這個瀏覽器裡。
data-about-mnist = 手寫數字：60,000 張用來學，10,000 張用來考。每張 28×28，0 到 9 十類。
data-about-fashion = 衣物的照片，和 MNIST 一樣多、一樣大，但是難得多：T恤、長褲、套頭毛衣、洋裝、大衣、涼鞋、襯衫、運動鞋、包包、短靴。照片裡的衣物是實心的，所以在格子裡只畫輪廓，網路常常認錯。開始訓練才下載，大約 30 MB。
data-about-mine = 你在這裡寫過、說過是幾的字：六分之五用來學，其餘用來考。圖片很少，所以輪數要多（例如 100 輪），再打開資料增強，才學得起來。
data-about-own = 你自己的圖片和標籤。網路的輸入和輸出會跟著圖片的大小和類別數改變；在格子裡畫的圖會縮放成那個大小，和那些圖片不像的，網路只能亂猜。
data-mine-here = 有 { $training } 個字用來學，{ $test } 個用來考。
data-own-here = { $names }：{ $training } 張用來學，{ $test } 張用來考，每張 { $side }×{ $side }，共 { $classes } 類。{ $kept ->
    [yes] { "" }
   *[no] 這個瀏覽器存不下這些檔案，下次來要再選一次。
 }
data-name-mine = 我的字{ $mark }
data-name-own = 自己的檔案 { $side }×{ $side }、{ $classes } 類{ $mark }
data-no-files = 請先選檔案：{ $data }。沒有圖片就不能訓練。
data-other-files = 那些設定用的是另外的檔案（{ $data }）；這裡改用你選好的檔案，成績不能直接比。
data-not-built = 這個網站沒有附上 { $data }。架站的人執行 cargo xtask data --fashion，再重新建置，就有了。
data-busy = 正在進行的訓練用的是 { $data } 的圖片，現在不能換成別的圖片。先讓它跑完，或按「停止」。
data-locked = 這個連結指定了資料集，不能換成自己的檔案。
data-none-fit = 沒有這個網路讀得懂的測試圖片：請先選和它的圖片一樣大、類別一樣多的資料集。
subject-fashion = 它學的是衣物的照片：只畫輪廓容易認錯，請塗滿。
subject-own = 它學的是 { $side }×{ $side } 的圖片，共 { $classes } 類；你畫的會縮放。
class-fashion-0 = T恤
class-fashion-1 = 長褲
class-fashion-2 = 套頭毛衣
class-fashion-3 = 洋裝
class-fashion-4 = 大衣
class-fashion-5 = 涼鞋
class-fashion-6 = 襯衫
class-fashion-7 = 運動鞋
class-fashion-8 = 包包
class-fashion-9 = 短靴
charts-empty-fashion = 按下「開始訓練」，網路會用 Fashion-MNIST 的 60,000 張衣物照片從零學起（第一次要下載大約 30 MB）。全部在你的瀏覽器裡計算。
charts-empty-mine = 按下「開始訓練」，網路會只用你寫的字從零學起。全部在你的瀏覽器裡計算，你寫的字不會離開這台裝置。
charts-empty-own = 按下「開始訓練」，網路會用你自己的檔案從零學起。全部在你的瀏覽器裡計算，檔案不會離開這台裝置。
## 回到過去

time-title = 回到學習的過程
time-intro = 訓練的時候，每隔一段就把權重存起來，最前面存得最密。拉動滑桿，看同一個網路學到第 0 步、第 50 步、第 500 步的時候，怎麼讀你寫的字，又把什麼讀成什麼。
time-empty = 先按「開始訓練」，這裡才有過程可以看。
time-too-large = 這個網路太大了：連開頭和結尾兩份權重都超過 64 MB，所以沒有存下過程。
time-step = 學到哪一步
time-where =
    { $known ->
        [fresh] 第 0 步：還沒開始學
        [tested] 第 { $step } 步（{ $epoch } 輪），訓練正確率 { $accuracy }，測試正確率 { $test }
       *[trained] 第 { $step } 步（{ $epoch } 輪），訓練正確率 { $accuracy }
    }
time-drawing = 那時怎麼讀你寫的字
time-neurons = 那時第一層的權重
time-neurons-text = 前 { $units } 個神經元對每個像素的權重：紅的是正的，藍的是負的，深淺和最後一步比。大小（均方根）是 { $size }。
time-confusion = 那時把什麼讀成什麼
time-tested = { $images } 張測試圖片讀對 { $accuracy }。一列是真正的答案，一欄是讀成的。
time-running-on = 暫停，或把滑桿拉到前面，就用測試圖片考它。
