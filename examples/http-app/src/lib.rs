//! Two functions that know nothing of HTTP.

wit_bindgen::generate!({ path: "text.wit" });

struct Text;
export!(Text);

impl Guest for Text {
    fn count(text: String) -> Counts {
        Counts {
            lines: text.lines().count() as u32,
            words: text.split_whitespace().count() as u32,
            characters: text.chars().count() as u32,
        }
    }

    fn repeat(text: String, times: u32) -> Result<String, String> {
        match times {
            0..=100 => Ok(text.repeat(times as usize)),
            _ => Err("100 times at most".to_string()),
        }
    }
}
