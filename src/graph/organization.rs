//! The tenant, which Graph calls an organization.

use super::client::Graph;
use super::model::Page;
use super::query::query;
use crate::error::{Error, Result};
use crate::options::Object;
use crate::status::Status;

/// What names a tenant; every caller may read these.
pub(crate) const ORGANIZATION_PROPERTIES: &str = "id,displayName,verifiedDomains";

impl Graph<'_> {
    /// The tenant that was signed in to, with these properties.
    pub(crate) async fn organization(&self, select: &str) -> Result<Object> {
        const DOING: &str = "reading the tenant";
        let page: Page<Object> = self.get(&format!("/organization{}", query(&[("$select", select)])), DOING).await?;
        let none = || Error::new(Status::BadAnswer, format!("{DOING}: the service names none"));
        page.value.into_iter().next().ok_or_else(none)
    }
}
