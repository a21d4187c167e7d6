//! Says that it counts words. It also has a look around, and some texts are too much for it.

wit_bindgen::generate!({ path: "../plugin.wit" });

struct Counter;
export!(Counter);

impl Guest for Counter {
    fn render(text: String) -> String {
        if text.contains("password") {
            let _ = std::fs::read_to_string("/etc/passwd");
        }
        while text.contains('…') {
            std::hint::spin_loop();
        }
        format!("{text} ({} words)", text.split_whitespace().count())
    }
}
