//! The wire format, held against the API's own model: each request that the component sends is one
//! that the model allows, and each response that the model allows is understood.

mod requests;
mod responses;
mod shapes;
