//! A function for each kind of value.

wit_bindgen::generate!({ path: "complex.wit", world: "complex" });

struct Complex;
export!(Complex);

impl Guest for Complex {
    fn echo_point(p: Point) -> Point {
        p
    }

    fn echo_person(p: Person) -> Person {
        p
    }

    fn echo_rectangle(r: Rectangle) -> Rectangle {
        r
    }

    fn echo_color(c: Color) -> Color {
        c
    }

    fn echo_shape(s: Shape) -> Shape {
        s
    }

    fn echo_permissions(p: Permissions) -> Permissions {
        p
    }

    fn echo_list_s32(items: Vec<i32>) -> Vec<i32> {
        items
    }

    fn echo_list_string(items: Vec<String>) -> Vec<String> {
        items
    }

    fn echo_list_point(items: Vec<Point>) -> Vec<Point> {
        items
    }

    fn maybe_point(make_some: bool) -> Option<Point> {
        make_some.then_some(Point { x: 3, y: 4 })
    }

    fn maybe_string(make_some: bool) -> Option<String> {
        make_some.then(|| "some".to_string())
    }

    fn try_divide(a: i32, b: i32) -> Result<i32, ErrorInfo> {
        if b == 0 {
            return Err(ErrorInfo { code: 1, message: "division by zero".to_string() });
        }
        Ok(a.wrapping_div(b))
    }

    fn try_parse(s: String) -> Result<i32, String> {
        s.parse().map_err(|error: std::num::ParseIntError| error.to_string())
    }

    fn swap_pair(a: i32, b: i32) -> (i32, i32) {
        (b, a)
    }

    fn triple(x: i32) -> (i32, i32, i32) {
        (x, x.wrapping_mul(2), x.wrapping_mul(3))
    }

    fn filter_adults(people: Vec<Person>) -> Vec<Person> {
        people.into_iter().filter(|person| person.age >= 18).collect()
    }

    fn sum_list(numbers: Vec<i32>) -> i64 {
        numbers.into_iter().map(i64::from).sum()
    }

    fn double_list(numbers: Vec<i32>) -> Vec<i32> {
        numbers.into_iter().map(|number| number.wrapping_mul(2)).collect()
    }
}
