//! Functions whose bodies are expensive to compile.

use wasm_encoder::{
    BlockType, CodeSection, Component, Function, FunctionSection, Instruction, MemArg,
    MemorySection, MemoryType, Module, ModuleSection, TypeSection, ValType,
};

/// The address of a load or a store.
const ADDRESS: MemArg = MemArg {
    offset: 0,
    align: 2,
    memory_index: 0,
};

/// Functions of some 2 KiB that compute, branch, call and use the memory as compilers' output does,
/// `code_bytes` of them together.
pub fn ordinary_code(code_bytes: usize) -> Vec<u8> {
    repeated(code_bytes, &computing(2_000, 16))
}

/// A function of `bytes`, with more values in use than a processor has registers.
pub fn large_function(bytes: usize) -> Vec<u8> {
    component_of(&[computing(bytes, 100)])
}

/// Functions of `function_bytes`, of which each byte is an instruction that uses the result of the one
/// before it, `code_bytes` of them together.
pub fn dense_code(function_bytes: usize, code_bytes: usize) -> Vec<u8> {
    const UNARY: [Instruction<'_>; 5] = [
        Instruction::I32Clz,
        Instruction::I32Extend8S,
        Instruction::I32Popcnt,
        Instruction::I32Ctz,
        Instruction::I32Eqz,
    ];
    let mut body = Function::new([]);
    body.instruction(&Instruction::LocalGet(0));
    for instruction in UNARY.iter().cycle().take(function_bytes) {
        body.instruction(instruction);
    }
    body.instruction(&Instruction::LocalSet(0))
        .instruction(&Instruction::End);
    repeated(code_bytes, &body)
}

/// A function that loops and branches within `locals` local variables, and at its end uses them all.
/// For each of them, the compiler looks at each of the `branches`. `count` such functions.
pub fn branching_locals(locals: u32, branches: u32, count: usize) -> Vec<u8> {
    let mut body = Function::new([(locals, ValType::I32)]);
    for local in 1..=locals {
        load(&mut body, 0);
        body.instruction(&Instruction::LocalSet(local));
    }
    for _ in 0..branches / 2 {
        body.instruction(&Instruction::Loop(BlockType::Empty))
            .instruction(&Instruction::LocalGet(0))
            .instruction(&Instruction::BrIf(0))
            .instruction(&Instruction::End);
    }
    for local in 1..=locals {
        add_to_first(&mut body, local);
    }
    body.instruction(&Instruction::End);
    component_of(&vec![body; count])
}

/// `count` functions of `depth` loops within one another, each of which changes a local variable, with
/// branches from the innermost to each.
pub fn nested_loops(depth: u32, count: usize) -> Vec<u8> {
    let mut body = Function::new([(16, ValType::I32)]);
    for level in 0..depth {
        body.instruction(&Instruction::Loop(BlockType::Empty));
        load(&mut body, 0);
        body.instruction(&Instruction::LocalSet(1 + level % 16));
    }
    for level in 0..depth {
        add_to_first(&mut body, 1 + level % 16);
        body.instruction(&Instruction::LocalGet(0))
            .instruction(&Instruction::BrIf(level));
    }
    for _ in 0..=depth {
        body.instruction(&Instruction::End);
    }
    component_of(&vec![body; count])
}

/// `count` functions that jump by a table of `targets` out of `depth` blocks.
pub fn branch_tables(targets: u32, depth: u32, count: usize) -> Vec<u8> {
    let mut body = Function::new([(16, ValType::I32)]);
    for _ in 0..depth {
        body.instruction(&Instruction::Block(BlockType::Empty));
    }
    let table: Vec<u32> = (0..targets).map(|target| target % depth).collect();
    body.instruction(&Instruction::LocalGet(0))
        .instruction(&Instruction::BrTable(table.into(), 0));
    for level in 0..depth {
        body.instruction(&Instruction::End);
        load(&mut body, 0);
        body.instruction(&Instruction::LocalSet(1 + level % 16));
        add_to_first(&mut body, 1 + (level + 5) % 16);
    }
    body.instruction(&Instruction::End);
    component_of(&vec![body; count])
}

/// `count` functions with so many `branches`, each of which hands on `results` values.
pub fn wide_blocks(results: u32, branches: u32, count: usize) -> Vec<u8> {
    let mut body = Function::new([]);
    // Type 1 is the type of the block.
    body.instruction(&Instruction::Block(BlockType::FunctionType(1)));
    for _ in 0..results {
        load(&mut body, 0);
    }
    for _ in 0..branches {
        body.instruction(&Instruction::LocalGet(0))
            .instruction(&Instruction::BrIf(0));
    }
    body.instruction(&Instruction::End);
    for _ in 0..results {
        body.instruction(&Instruction::Drop);
    }
    body.instruction(&Instruction::End);
    component_with(&vec![body; count], results)
}

/// A function of `bytes` that computes with `locals` local variables, chosen as if at random.
fn computing(bytes: usize, locals: u32) -> Function {
    let mut body = Function::new([(locals, ValType::I32)]);
    let mut state = 1_u32;
    let mut any = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        1 + (state >> 8) % locals
    };
    while body.byte_len() + 64 < bytes {
        load(&mut body, any());
        body.instruction(&Instruction::LocalGet(any()))
            .instruction(&Instruction::I32Mul)
            .instruction(&Instruction::LocalGet(any()))
            .instruction(&Instruction::I32Xor)
            .instruction(&Instruction::LocalSet(any()))
            .instruction(&Instruction::LocalGet(any()))
            .instruction(&Instruction::If(BlockType::Empty))
            .instruction(&Instruction::LocalGet(any()))
            .instruction(&Instruction::LocalGet(any()))
            .instruction(&Instruction::I32Store(ADDRESS))
            .instruction(&Instruction::LocalGet(any()))
            .instruction(&Instruction::Call(0))
            .instruction(&Instruction::End);
    }
    body.instruction(&Instruction::End);
    body
}

fn load(body: &mut Function, address: u32) {
    body.instruction(&Instruction::LocalGet(address))
        .instruction(&Instruction::I32Load(ADDRESS));
}

/// Adds a local variable to the parameter.
fn add_to_first(body: &mut Function, local: u32) {
    body.instruction(&Instruction::LocalGet(0))
        .instruction(&Instruction::LocalGet(local))
        .instruction(&Instruction::I32Add)
        .instruction(&Instruction::LocalSet(0));
}

/// As many copies of a function as have `code_bytes` together, at least one.
fn repeated(code_bytes: usize, body: &Function) -> Vec<u8> {
    // The size of a body isn't part of it.
    let count = (code_bytes / body.byte_len()).max(1);
    component_of(&vec![body.clone(); count])
}

fn component_of(bodies: &[Function]) -> Vec<u8> {
    component_with(bodies, 0)
}

/// A component of one module with these functions, each of which takes an integer. Type 1 is that of
/// blocks with so many results.
fn component_with(bodies: &[Function], results: u32) -> Vec<u8> {
    let mut types = TypeSection::new();
    types.ty().function([ValType::I32], []);
    types
        .ty()
        .function([], (0..results).map(|_| ValType::I32).collect::<Vec<_>>());
    let mut functions = FunctionSection::new();
    let mut code = CodeSection::new();
    for body in bodies {
        functions.function(0);
        code.function(body);
    }
    let mut memories = MemorySection::new();
    memories.memory(MemoryType {
        minimum: 1,
        maximum: None,
        memory64: false,
        shared: false,
        page_size_log2: None,
    });
    let mut module = Module::new();
    module
        .section(&types)
        .section(&functions)
        .section(&memories)
        .section(&code);
    let mut component = Component::new();
    component.section(&ModuleSection(&module));
    component.finish()
}
