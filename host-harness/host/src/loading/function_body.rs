//! Counts what makes one function expensive to compile.

use wasmparser::{FuncType, FunctionBody, Operator};

use crate::limits::compile::CompileLimits;
use crate::loading::error::LoadFault;
use crate::loading::meter::{Bound, Total};

/// How many values a function takes.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Signature {
    parameters: u32,
}

impl Signature {
    /// Refuses a type with too many parameters or results: an instruction of two bytes can move them
    /// all.
    pub(crate) fn new(function: &FuncType, limits: &CompileLimits) -> Result<Self, LoadFault> {
        let parameters = Bound {
            what: "parameters of one function",
            field: "parameters",
            limit: limits.parameters,
        };
        let results = Bound {
            what: "results of one function",
            field: "results",
            limit: limits.results,
        };
        parameters.check(function.params().len() as u64)?;
        results.check(function.results().len() as u64)?;
        Ok(Self {
            parameters: u32::try_from(function.params().len()).unwrap_or(u32::MAX),
        })
    }
}

/// Counts of all functions of a component.
pub(crate) struct Totals {
    branch_targets: Total,
    control_flow: Total,
}

impl Totals {
    pub(crate) fn new(limits: &CompileLimits) -> Self {
        Self {
            branch_targets: Total::new(Bound {
                what: "branch targets in tables",
                field: "branch_targets",
                limit: limits.branch_targets,
            }),
            control_flow: Total::new(Bound {
                what: "units of control flow",
                field: "control_flow",
                limit: limits.control_flow,
            }),
        }
    }
}

/// Refuses a body that is past a limit.
pub(crate) fn check(
    body: &FunctionBody<'_>,
    signature: Signature,
    limits: &CompileLimits,
    totals: &mut Totals,
) -> Result<(), LoadFault> {
    let bound = |what, field, limit| Bound { what, field, limit };
    bound(
        "bytes in one function",
        "function_bytes",
        limits.function_bytes,
    )
    .check(body.range().len() as u64)?;

    let mut locals = u64::from(signature.parameters);
    for declared in body.get_locals_reader().map_err(LoadFault::unparsable)? {
        let (count, _) = declared.map_err(LoadFault::unparsable)?;
        locals = locals.saturating_add(count.into());
    }
    bound("locals in one function", "locals", limits.locals).check(locals)?;

    let nesting = bound(
        "blocks within one another in one function",
        "block_nesting",
        limits.block_nesting,
    );
    let mut flow = Flow::new(locals);
    let operators = body.get_operators_reader().map_err(LoadFault::unparsable)?;
    for operator in operators {
        let operator = operator.map_err(LoadFault::unparsable)?;
        if let Operator::BrTable { targets: table } = &operator {
            totals.branch_targets.add(table.len().into())?;
        }
        flow.follow(&operator);
        nesting.check(flow.blocks.len() as u64)?;
        totals.control_flow.check_with(flow.cost())?;
    }
    totals.control_flow.add(flow.cost())
}

/// The control flow of a function, as far as it has been read.
struct Flow {
    locals: u64,
    /// For each block that is open, whether it is a loop.
    blocks: Vec<bool>,
    loops: u64,
    branches: u64,
    /// The sum, over all branches, of the locals that live across it, weighted by the loops around it.
    across: u64,
}

impl Flow {
    /// What a branch outside of all loops weighs, in loops.
    const OUTSIDE: u64 = 8;

    fn new(locals: u64) -> Self {
        Self {
            locals,
            blocks: Vec::new(),
            loops: 0,
            branches: 0,
            across: 0,
        }
    }

    fn follow(&mut self, operator: &Operator<'_>) {
        match operator {
            Operator::Loop { .. } => {
                self.blocks.push(true);
                self.loops += 1;
            }
            Operator::Block { .. } | Operator::If { .. } | Operator::TryTable { .. } => {
                self.blocks.push(false);
            }
            Operator::End if self.blocks.pop() == Some(true) => self.loops -= 1,
            _ => {}
        }
        if branches(operator) {
            self.branches += 1;
            let weight = self.locals.saturating_mul(Self::OUTSIDE + self.loops);
            self.across = self.across.saturating_add(weight);
        }
    }

    /// What the compiler's time and memory grow with: it looks at each local at each branch, and at
    /// each branch from each other.
    fn cost(&self) -> u64 {
        self.across
            .saturating_add(self.branches.saturating_mul(self.branches))
    }
}

/// Whether control can go on in more than one place after an instruction, or come from more than one.
fn branches(operator: &Operator<'_>) -> bool {
    matches!(
        operator,
        Operator::Block { .. }
            | Operator::Loop { .. }
            | Operator::If { .. }
            | Operator::Else
            | Operator::TryTable { .. }
            | Operator::Br { .. }
            | Operator::BrIf { .. }
            | Operator::BrTable { .. }
            | Operator::BrOnNull { .. }
            | Operator::BrOnNonNull { .. }
            | Operator::Return
            | Operator::Unreachable
            // The engine fills a table's element when it is first read.
            | Operator::CallIndirect { .. }
            | Operator::TableGet { .. }
    )
}
