//! Lists of records in and out. Rust's standard library imports WASI, and these functions use none of it.

use std::collections::BTreeSet;

wit_bindgen::generate!({ path: "mapper.wit", world: "mapper" });

struct Mapper;
export!(Mapper);

fn output(user: UserRecord) -> UserOutput {
    UserOutput {
        id: user.id,
        display: format!("{} [{}]", user.name, user.tags.join(", ")),
        tag_count: user.tags.len() as u32,
    }
}

impl Guest for Mapper {
    fn transform_users(users: Vec<UserRecord>) -> Vec<UserOutput> {
        users.into_iter().map(output).collect()
    }

    fn filter_active(users: Vec<UserRecord>) -> Vec<UserOutput> {
        users.into_iter().filter(|user| user.active).map(output).collect()
    }

    fn aggregate_tags(users: Vec<UserRecord>) -> Vec<String> {
        let tags: BTreeSet<String> = users.into_iter().flat_map(|user| user.tags).collect();
        tags.into_iter().collect()
    }
}
