//! Components whose structure is expensive to compile.

/// `count` functions that two inner components pass from one to the other.
pub fn composed(count: usize) -> Vec<u8> {
    let (mut exports, mut imports, mut lowered, mut arguments) = <[String; 4]>::default().into();
    for number in 0..count {
        exports += &format!("(export \"f{number}\" (func $f))");
        imports += &format!("(import \"f{number}\" (func $f{number} (param \"p\" string)))");
        lowered += &format!(
            r#"(core func (canon lower (func $f{number})
                (memory (core memory $i "memory")) (realloc (core func $i "realloc"))))"#
        );
        arguments += &format!("(with \"f{number}\" (func $a \"f{number}\"))");
    }
    let module = r#"(core module $m (memory (export "memory") 1)
            (func (export "f") (param i32 i32))
            (func (export "realloc") (param i32 i32 i32 i32) (result i32) i32.const 0))
        (core instance $i (instantiate $m))"#;
    parse(&format!(
        r#"(component
            (component $A {module}
                (func $f (param "p" string) (canon lift (core func $i "f")
                    (memory (core memory $i "memory")) (realloc (core func $i "realloc"))))
                {exports})
            (component $B {imports} {module} {lowered})
            (instance $a (instantiate $A))
            (instance (instantiate $B {arguments})))"#
    ))
}

/// A component that lowers a function that it has lifted.
pub fn lowered_after_lifted() -> Vec<u8> {
    parse(
        r#"(component
            (core module $m (func (export "f")))
            (core instance $i (instantiate $m))
            (func $f (canon lift (core func $i "f")))
            (core func (canon lower (func $f))))"#,
    )
}

/// `depth` components within one another.
pub fn deep_components(depth: usize) -> Vec<u8> {
    let mut component = wasm_encoder::Component::new();
    for _ in 1..depth {
        let mut outer = wasm_encoder::Component::new();
        outer.section(&wasm_encoder::NestedComponentSection(&component));
        component = outer;
    }
    component.finish()
}

/// Inner components, each of which instantiates the one before it three times, with `instances`
/// instantiations in all, and the first of which instantiates a module as often as `core_instances`.
/// The compiler follows each.
pub fn component_tree(instances: usize, core_instances: usize) -> Vec<u8> {
    let leaves = "(core instance (instantiate $m))".repeat(core_instances);
    let mut text = format!("(component $c0 (core module $m) {leaves})");
    for level in 0..instances / 3 {
        let instances = format!("(instance (instantiate $c{level}))").repeat(3);
        text += &format!("(component $c{} {instances})", level + 1);
    }
    text += &format!("(instance (instantiate $c{}))", instances / 3);
    parse(&format!("(component {text})"))
}

/// A module with so many `imports`, which an inner component instantiates so often, and which is instantiated
/// itself `times`: the compiler follows each import of each.
pub fn instances_with_imports(imports: usize, instances: usize, times: usize) -> Vec<u8> {
    let (mut exported, mut imported) = (String::new(), String::new());
    for number in 0..imports {
        exported += &format!("(export \"{number}\" (func $f))");
        imported += &format!("(import \"\" \"{number}\" (func))");
    }
    let leaves = "(core instance (instantiate $m (with \"\" (instance $all))))".repeat(instances);
    let inner = format!(
        "(component $c
            (core module $one (func (export \"f\")))
            (core instance $i (instantiate $one))
            (alias core export $i \"f\" (core func $f))
            (core instance $all {exported})
            (core module $m {imported})
            {leaves})"
    );
    let outer = "(instance (instantiate $c))".repeat(times);
    parse(&format!("(component {inner} {outer})"))
}

/// An instance of `items`, which another instance exports `exports` times, and which is exported itself by
/// `copies` others: the compiler copies each item each time.
pub fn copied_instances(items: usize, exports: usize, copies: usize) -> Vec<u8> {
    let (mut first, mut second) = (String::new(), String::new());
    for number in 0..items {
        first += &format!("(export \"e{number}\" (core module $m))");
    }
    for number in 0..exports {
        second += &format!("(export \"i{number}\" (instance $a))");
    }
    let copies = "(instance (export \"b\" (instance $b)))".repeat(copies);
    parse(&format!(
        "(component (core module $m) (instance $a {first}) (instance $b {second}) {copies})"
    ))
}

/// Components beside one another, `levels` in all, each of which refers `count` times to the one before it:
/// the compiler copies what each refers to with it.
pub fn components_that_refer(levels: usize, count: usize) -> Vec<u8> {
    let mut text = "(component $c0)".to_owned();
    for level in 1..levels {
        let one = format!("(alias outer 1 $c{} (component))", level - 1);
        text += &format!("(component $c{level} {})", one.repeat(count));
    }
    parse(&format!("(component {text})"))
}

/// A component with a type of a component that has `depth` others within one another.
pub fn deep_types(depth: usize) -> Vec<u8> {
    // The text format is read by recursion, so this is binary: a type section with one type, of which
    // each level declares one type, the next level.
    const LEVEL: [u8; 3] = [0x41, 1, 1];
    let mut section = vec![1];
    section.extend(std::iter::repeat_n(LEVEL, depth - 1).flatten());
    section.extend([0x41, 0]);
    let mut component = wasm_encoder::Component::new();
    component.section(&wasm_encoder::RawSection {
        id: wasm_encoder::ComponentSectionId::Type.into(),
        data: &section,
    });
    component.finish()
}

/// `count` modules, each with a byte at the beginning and at the end of a memory of `bytes`.
pub fn modules_with_sparse_memory(count: usize, bytes: usize) -> Vec<u8> {
    let (pages, last) = (bytes.div_ceil(64 << 10), bytes - 1);
    let module = format!(
        r#"(core module (memory {pages})
            (data (i32.const 0) "a") (data (i32.const {last}) "z"))"#
    );
    parse(&format!("(component {})", module.repeat(count)))
}

pub(crate) fn parse(text: &str) -> Vec<u8> {
    wat::parse_str(text).expect("valid text")
}
