//! The JSON Schemas in `include/`, from the types themselves.

use crate::operation::OPERATIONS;
use crate::options::{BatchMembers, CommonMembers, ResetMembers};
use crate::report::{Envelope, ResetReport};
use schemars::{Schema, schema_for};
use serde_json::{Value, json};

/// File names and contents.
pub fn all() -> Vec<(&'static str, String)> {
    vec![
        ("reset-options.schema.json", text(&reset_options())),
        ("batch-options.schema.json", text(&batch_options())),
        ("request.schema.json", text(&request())),
        ("result.schema.json", text(&result())),
    ]
}

fn text(schema: &Value) -> String {
    format!("{schema:#}\n")
}

fn value(schema: Schema) -> Value {
    schema.to_value()
}

/// `opts_json` of `reset_redemption`: its own members and those of every call, in one closed object.
fn reset_options() -> Value {
    let mut schema = value(schema_for!(ResetMembers));
    merge(&mut schema, value(schema_for!(CommonMembers)));
    schema["title"] = "opts_json of reset_redemption".into();
    schema
}

/// `opts_json` of `redemption_batch_start`: that of a reset, less what is the batch's own business.
fn batch_options() -> Value {
    let mut schema = reset_options();
    schema["title"] = "opts_json of redemption_batch_start".into();
    if let Some(properties) = schema["properties"].as_object_mut() {
        properties.remove("cancel_id");
    }
    merge(&mut schema, value(schema_for!(BatchMembers)));
    schema
}

/// `request_json` of `redemption_call`: open, since each operation closes it in its own way.
fn request() -> Value {
    let mut schema = value(schema_for!(CommonMembers));
    schema["title"] = "request_json of redemption_call".into();
    schema["description"] =
        "The members of every operation; each adds its own, and refuses what it does not know.".into();
    if let Some(object) = schema.as_object_mut() {
        object.remove("additionalProperties");
        object.insert("required".into(), json!(["op"]));
    }
    schema["properties"]["op"] = json!({"enum": OPERATIONS});
    let mut plan = value(schema_for!(ResetMembers));
    take_definitions(&mut plan, &mut schema);
    let mut plan = plan["properties"].take();
    plan["user_id"] = json!({"type": "string"});
    plan["email"] = json!({"type": ["string", "null"]});
    let invitation = value(schema_for!(crate::operation::Invitation));
    let members = [
        ("session.wait", json!({"session": {"type": "string"}}), json!(["session"])),
        ("session.show", json!({"session": {"type": "string"}}), json!([])),
        ("session.end", json!({"session": {"type": "string"}}), json!(["session"])),
        (
            "invitation.create",
            json!({"invitation": inline(invitation), "api": {"enum": ["v1.0", "beta"]}}),
            json!(["invitation"]),
        ),
        ("user.get", json!({"user_id": {"type": "string"}, "select": names()}), json!(["user_id"])),
        (
            "user.list",
            json!({
                "filter": {"type": "string"}, "select": names(),
                "top": {"type": "integer", "minimum": 1, "maximum": 999},
                "advanced": {"type": "boolean", "description": "The filter needs the service's search index: \
                    `ConsistencyLevel: eventual` and `$count=true` are sent."},
                "next": {"type": "string"},
            }),
            json!([]),
        ),
        (
            "user.update",
            json!({"user_id": {"type": "string"}, "changes": {"type": "object", "minProperties": 1}}),
            json!(["user_id", "changes"]),
        ),
        ("tenant.get", json!({"select": names()}), json!([])),
        ("reset.plan", plan, json!(["user_id"])),
        (
            "journal.read",
            json!({
                "path": {"type": "string"},
                "after": {"type": ["string", "null"], "description": "`next` of the page before."},
                "max": {"type": ["integer", "null"], "minimum": 1, "maximum": 10_000, "description": "Default 1,000."},
            }),
            json!(["path"]),
        ),
    ];
    let rules = members.map(|(op, properties, required)| {
        json!({
            "if": {"properties": {"op": {"const": op}}},
            "then": {"properties": properties, "required": required},
        })
    });
    schema["allOf"] = json!(rules);
    schema
}

fn names() -> Value {
    json!({"type": "array", "items": {"type": "string"}, "minItems": 1})
}

/// The envelope, with the report of a reset among its definitions.
fn result() -> Value {
    let mut schema = value(schema_for!(Envelope));
    schema["title"] = "JSON of a result".into();
    let mut report = value(schema_for!(ResetReport));
    take_definitions(&mut report, &mut schema);
    schema["$defs"]["ResetReport"] = inline(report);
    schema
}

fn inline(mut schema: Value) -> Value {
    if let Some(object) = schema.as_object_mut() {
        object.remove("$schema");
    }
    schema
}

fn merge(into: &mut Value, mut other: Value) {
    take_definitions(&mut other, into);
    if let Some(properties) = other["properties"].as_object() {
        for (name, property) in properties {
            into["properties"][name] = property.clone();
        }
    }
}

fn take_definitions(from: &mut Value, into: &mut Value) {
    let taken = from.as_object_mut().and_then(|object| object.remove("$defs"));
    if let Some(Value::Object(definitions)) = taken {
        for (name, definition) in definitions {
            into["$defs"][name] = definition;
        }
    }
}
