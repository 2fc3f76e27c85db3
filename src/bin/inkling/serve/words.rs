//! What `inkling serve` says, in both languages of the page: who starts it may be any teacher.

use std::fmt::Display;
use std::path::Path;

pub const SERVING: &str = "\n同一個網路裡的裝置請開啟：\nDevices in the same network open:\n";

pub const NO_NETWORK: &str =
    "    這台電腦沒有連上任何網路，別的裝置找不到它。\n    This computer is in no network, so no other device finds it.\n";

pub const HERE: &str = "\n在這台電腦上：\nOn this computer:\n";

pub const PLAIN: &str = "
用 http 開啟時，除了這台電腦以外，瀏覽器不提供 WebGPU、共享記憶體和離線使用：都用一個 CPU 執行緒訓練，沒有網路就打不開。
加上 --https 就有 WebGPU 和多個執行緒；憑證是自製的，瀏覽器會先警告。
Over http, except on this computer, browsers hide WebGPU, shared memory and the service worker: one CPU thread trains, and nothing
works offline. With --https there are WebGPU and several threads; the certificate is self-made, and browsers warn of it first.
";

pub const END: &str = "按 Ctrl-C 結束。 Ctrl-C ends it.";

pub const NO_SITE: &str = "這個程式裡沒有網站：請用 --site 指定網站的資料夾（`cargo xtask build` 會做在 pkg/，`cargo xtask package` 會做出內含網站的程式）。\n\
                           There is no site inside this program: name its folder with --site (`cargo xtask build` makes it in pkg/, and \
                           `cargo xtask package` a program with the site inside).";

pub fn no_site_in(folder: &Path) -> String {
    let folder = folder.display();
    format!("{folder} 裡沒有網站：缺少 index.html。\nThere is no site in {folder}: it has no index.html.")
}

pub fn taken(port: u16) -> String {
    format!(
        "連接埠 {port} 已經有別的程式在用：請用 --port 選另一個，例如 --port {other}。\n\
         Another program uses port {port}: choose another one with --port, such as --port {other}.",
        other = if port == 8081 { 8082 } else { 8081 }
    )
}

pub fn cannot_listen(port: u16, error: &dyn Display) -> String {
    format!("不能使用連接埠 {port}：{error}\nPort {port} can't be used: {error}")
}

pub fn no_certificate(error: &dyn Display) -> String {
    format!("做不出憑證：{error}\nNo certificate could be made: {error}")
}

pub fn ended(error: &dyn Display) -> String {
    format!("伺服器停止了：{error}\nThe server ended: {error}")
}

/// What browsers say about a certificate that nobody has signed, and what to press.
pub fn secure(fingerprint: &str) -> String {
    format!(
        "
憑證是這個程式剛做的，不會留下，下次啟動又是新的。瀏覽器不認得它，所以會先警告。請學生這樣按：
    Chrome、Edge：「進階」→「繼續前往…」    Firefox：「進階…」→「接受風險並繼續」    Safari：「顯示詳細資訊」→ 前往此網站
The certificate was made just now and is kept nowhere; the next start makes another. Browsers don't know it and warn. Students press:
    Chrome, Edge: Advanced, Proceed    Firefox: Advanced..., Accept the Risk and Continue    Safari: Show Details, visit this website
離線使用還是沒有：那需要瀏覽器信任的憑證。
Offline use is still missing: browsers want a certificate that they trust for it.
指紋 SHA-256 fingerprint, to compare with what the browser shows:
    {fingerprint}
"
    )
}
