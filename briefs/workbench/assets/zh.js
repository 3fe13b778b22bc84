// Streamlit has its own labels in English only: put Chinese in their place as they appear.
// Only whole labels of the interface change, never what a person wrote (the markdown containers).
// A few sentences that nobody can make use of are put otherwise in English, too.
// The address says which language the pages speak now; without it, the page as it was sent.
(() => {
  "use strict";
  const labels = {
    "About": "关于", "Add files": "添加文件", "Add row": "添加一行", "App pages": "页面",
    "Browse files": "选择文件", "Cancel": "取消", "Choose an option": "请选择",
    "Choose date": "选择日期", "Choose date range": "选择起止日期", "Choose options": "请选择",
    "Clear all": "全部清除", "Clear cache": "清除缓存", "Clear caches": "清除缓存",
    "Clear date": "清除日期", "Clear dates": "清除日期", "Clear selection": "取消选择",
    "Clear value": "清除", "Close": "关闭", "Close Search": "关闭查找",
    "Close fullscreen": "退出全屏", "Collapse sidebar": "收起侧栏", "Copied": "已复制",
    "Copy": "复制", "Copy column name": "复制列名", "Copy to clipboard": "复制到剪贴板",
    "Dark": "深色", "Dataframe column menu": "列菜单", "Date range": "起止日期",
    "Delete row(s)": "删除所选行", "Download as CSV": "下载为 CSV", "Download as PNG": "下载为 PNG",
    "Drag and drop a file here": "把文件拖到这里", "Drag and drop files here": "把文件拖到这里",
    "Drag and drop directories here": "把文件夹拖到这里", "Edit": "编辑", "Empty": "空",
    "Expand sidebar": "展开侧栏", "Fullscreen": "全屏", "Get help": "帮助",
    "Hide password": "隐藏密码", "Light": "浅色", "Link to heading": "本标题的链接",
    "Loading": "正在载入", "Loading...": "正在载入…", "Main menu": "主菜单",
    "Navigate to home page": "回到首页", "Next month": "下个月", "No content": "没有内容",
    "No data": "没有数据", "No options": "没有选项", "No options to select": "没有可选项",
    "No options to select.": "没有可选项。", "No results": "没有结果", "Notifications": "通知",
    "Open": "打开", "Page not found": "没有这个页面", "Previous month": "上个月", "Print": "打印",
    "Quick select a date range": "快速选择起止日期", "RUNNING": "处理中", "Remove": "移除",
    "Rerun": "刷新", "Running...": "处理中…", "Scroll tabs left": "标签页左移",
    "Scroll tabs right": "标签页右移", "Search": "查找", "Select all": "全选",
    "Select...": "请选择", "Settings": "设置", "Show chart": "显示图表", "Show data": "显示数据",
    "Show password": "显示密码", "Show/hide columns": "显示或隐藏列", "Sidebar": "侧栏",
    "Skip to main content": "跳到正文", "Stop": "停止", "System": "跟随系统", "Theme": "配色",
    "Toggle fullscreen": "切换全屏", "Try again": "重试", "Upload": "上传",
    "Upload directories": "上传文件夹", "View less": "收起", "View more": "展开",
  };
  const patterns = [
    [/^([\d.]+ ?[KMG]?B) per file(.*)$/, "每个文件不超过 $1$2"],
    [/^Press (.+) to apply$/, "按 $1 生效"],
    [/^Press (.+) to submit form$/, "按 $1 提交"],
    [/^File must be (.+) or smaller\.?$/, "文件不能超过 $1"],
    [/^(.+) files are not allowed\.?$/, "不接受 $1 格式的文件"],
    [/^Remove (.+)$/, "移除 $1"],
  ];
  // What is said where the server does not answer: Chinese, English.
  const unanswered = [
    "服务器没有应答；您写的内容留在本页，恢复后自动保存。",
    "The server does not answer; what you wrote stays on this page, and is saved as soon as it does.",
  ];
  const lost = [
    [/^Streamlit server is not responding\.[^]*$/, ...unanswered],
    [/^Is Streamlit still running\?[^]*$/, ...unanswered],
    [/^streamlit run yourscript\.py$/, "…", "…"],
    [/^Connecting to Streamlit server$/, "正在连接服务器", "Connecting to the server"],
    [/^Unable to connect to Streamlit server$/, "连不上服务器", "The server cannot be reached"],
  ];
  // Streamlit's own sentences in its dialogs, which are markdown too; no person writes these.
  const sentences = [
    ...lost.map(([pattern, chinese]) => [pattern, chinese]),
    [/^The page that you have requested does not seem to exist\. Running the app's main page\.$/,
      "您要找的页面不存在，已打开首页。"],
    [/^You have requested page (.+?), but no corresponding file was found.*$/,
      "页面 $1 不存在，已打开首页。"],
    [/^Connection lost\. Please wait.*$/, "连接已断开，请稍候重试。"],
    [/^Connection (error|closed|timed out)$/, "连接已断开"],
    [/^Reconnected to server\.$/, "已重新连接。"],
  ];
  const inEnglish = lost.map(([pattern, , english]) => [pattern, english]);
  const attributes = ["aria-label", "title", "placeholder", "alt"];
  const own = "[data-testid='stMarkdownContainer'], textarea, pre, code, [contenteditable]";

  const sent = document.documentElement.lang;
  const isChinese = () => {
    const asked = new URLSearchParams(location.search).get("lang");
    const wanted = asked === "zh" ? "zh-CN" : asked === "en" ? "en" : sent;
    if (document.documentElement.lang !== wanted) document.documentElement.lang = wanted;
    return wanted === "zh-CN";
  };
  let chinese = isChinese();
  const said = (text, isWritten) => {
    const label = text.trim();
    if (!label || label.length > 200) return null;
    if (chinese && !isWritten && Object.hasOwn(labels, label))
      return text.replace(label, () => labels[label]);
    const rules = !chinese ? inEnglish : isWritten ? sentences : [...patterns, ...sentences];
    for (const [pattern, words] of rules)
      if (pattern.test(label)) return text.replace(label, () => label.replace(pattern, words));
    return null;
  };
  // The uploader's button is Streamlit's, though its label stands in a markdown container.
  const uploader = "[data-testid='stFileUploader'] button";
  const isOwn = (element) => element?.closest(own) && !element.closest(uploader);
  const translateText = (node) => {
    const words = said(node.data, isOwn(node.parentElement));
    if (words !== null && words !== node.data) node.data = words;
  };
  const translateAttributes = (element) => {
    for (const name of attributes) {
      const words = element.hasAttribute(name) ? said(element.getAttribute(name), false) : null;
      if (words !== null) element.setAttribute(name, words);
    }
  };
  const translate = (root) => {
    if (root.nodeType === Node.TEXT_NODE) return translateText(root);
    if (root.nodeType !== Node.ELEMENT_NODE) return;
    translateAttributes(root);
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
    for (let node = walker.nextNode(); node; node = walker.nextNode())
      node.nodeType === Node.TEXT_NODE ? translateText(node) : translateAttributes(node);
  };
  new MutationObserver((changes) => {
    chinese = isChinese();
    for (const change of changes) {
      if (change.type === "childList") change.addedNodes.forEach(translate);
      else if (change.type === "characterData") translateText(change.target);
      else translateAttributes(change.target);
    }
  }).observe(document.documentElement, {
    subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: attributes,
  });
  translate(document.documentElement);
})();
