//! The query options of reads: `$select`, `$filter`, `$top`, `$count` and paging.

use serde_json::{Map, Value, json};

use super::directory::Props;
use super::errors::Refusal;
use super::filter::Filter;
use super::filter_support::Support;
use super::http::{Reply, Request};

/// An entity type: its name, its set, its properties.
pub(super) struct Schema {
    name: &'static str,
    set: &'static str,
    /// Names with spaces between.
    pub(super) known: &'static str,
    /// What is answered without `$select`; empty for everything.
    usual: &'static str,
    support: Support,
}

/// Of a type whose properties are all in the usual index.
const fn plain(resource: &'static str) -> Support {
    Support { resource, index_only: "", unfilterable: "" }
}

pub(super) const USER: Schema = Schema {
    name: "microsoft.graph.user",
    set: "users",
    known: "id accountEnabled ageGroup assignedLicenses assignedPlans businessPhones city companyName \
            consentProvidedForMinor country createdDateTime creationType deletedDateTime department displayName \
            employeeId employeeType externalUserState externalUserStateChangeDateTime faxNumber givenName identities \
            imAddresses jobTitle lastPasswordChangeDateTime legalAgeGroupClassification mail mailNickname \
            mobilePhone officeLocation onPremisesDistinguishedName onPremisesDomainName onPremisesImmutableId \
            onPremisesLastSyncDateTime onPremisesProvisioningErrors onPremisesSamAccountName \
            onPremisesSecurityIdentifier onPremisesSyncEnabled onPremisesUserPrincipalName otherMails \
            passwordPolicies passwordProfile postalCode preferredLanguage provisionedPlans proxyAddresses \
            refreshTokensValidFromDateTime securityIdentifier showInAddressList signInSessionsValidFromDateTime \
            state streetAddress surname usageLocation userPrincipalName userType",
    usual: "businessPhones displayName givenName jobTitle mail mobilePhone officeLocation preferredLanguage surname \
            userPrincipalName id",
    support: Support {
        resource: "User",
        index_only: "assignedPlans companyName employeeType faxNumber mobilePhone officeLocation \
                onPremisesSamAccountName passwordPolicies postalCode preferredLanguage provisionedPlans \
                showInAddressList streetAddress",
        unfilterable: "lastPasswordChangeDateTime legalAgeGroupClassification onPremisesDistinguishedName \
                onPremisesDomainName refreshTokensValidFromDateTime securityIdentifier signInSessionsValidFromDateTime",
    },
};

pub(super) const GROUP: Schema = Schema {
    name: "microsoft.graph.group",
    set: "groups",
    known: "id createdDateTime deletedDateTime description displayName groupTypes isAssignableToRole mail \
            mailEnabled mailNickname membershipRule membershipRuleProcessingState onPremisesSyncEnabled \
            proxyAddresses securityEnabled visibility",
    usual: "",
    support: plain("Group"),
};

/// What `memberOf` lists: the properties of groups and directory roles together.
pub(super) const MEMBERSHIP: Schema = Schema {
    name: "microsoft.graph.directoryObject",
    set: "directoryObjects",
    known: "id createdDateTime deletedDateTime description displayName groupTypes isAssignableToRole mail \
            mailEnabled mailNickname membershipRule membershipRuleProcessingState onPremisesSyncEnabled \
            proxyAddresses roleTemplateId securityEnabled visibility",
    usual: "",
    support: plain("DirectoryObject"),
};

pub(super) const CONTACT: Schema = Schema {
    name: "microsoft.graph.orgContact",
    set: "contacts",
    known: "id companyName deletedDateTime displayName givenName mail mailNickname proxyAddresses surname",
    usual: "",
    support: plain("OrgContact"),
};

pub(super) const APP_ASSIGNMENT: Schema = Schema {
    name: "microsoft.graph.appRoleAssignment",
    set: "appRoleAssignments",
    known: "id appRoleId createdDateTime deletedDateTime principalDisplayName principalId principalType \
            resourceDisplayName resourceId",
    usual: "",
    support: plain("AppRoleAssignment"),
};

pub(super) const ORGANIZATION: Schema = Schema {
    name: "microsoft.graph.organization",
    set: "organization",
    known: "id assignedPlans businessPhones city country countryLetterCode createdDateTime deletedDateTime \
            displayName marketingNotificationEmails onPremisesLastSyncDateTime onPremisesSyncEnabled postalCode \
            preferredLanguage provisionedPlans securityComplianceNotificationMails \
            securityComplianceNotificationPhones state street technicalNotificationMails tenantType verifiedDomains",
    usual: "",
    support: plain("Organization"),
};

const COLLECTIONS: &str = "assignedLicenses assignedPlans businessPhones groupTypes identities imAddresses \
            marketingNotificationEmails otherMails provisionedPlans proxyAddresses securityComplianceNotificationMails \
            securityComplianceNotificationPhones technicalNotificationMails";
const OPTIONS: [&str; 5] = ["$select", "$filter", "$top", "$count", "$skiptoken"];

/// The query options of one request, checked.
pub(super) struct Query<'a> {
    request: &'a Request,
    schema: &'a Schema,
    url: &'a str,
    names: Vec<&'static str>,
    pub(super) filter: Option<Filter>,
}

impl<'a> Query<'a> {
    pub(super) fn new(request: &'a Request, schema: &'a Schema, url: &'a str) -> Result<Self, Refusal> {
        for (name, _) in request.query.iter().filter(|(name, _)| name.starts_with('$')) {
            if !OPTIONS.iter().any(|o| o.eq_ignore_ascii_case(name)) {
                return Err(Refusal::unsupported_query(format!("The query option '{name}' is not supported here.")));
            }
        }
        let names = match request.option("$select") {
            Some(list) => list.split(',').map(|name| schema.property(name.trim())).collect::<Result<_, _>>()?,
            None if schema.usual.is_empty() => schema.known.split(' ').collect(),
            None => schema.usual.split(' ').collect(),
        };
        let filter = request.option("$filter").map(|text| Filter::parse(text, schema.known)).transpose();
        let filter = filter.map_err(|e| Refusal::unsupported_query(format!("Invalid filter clause: {e}")))?;
        let query = Self { request, schema, url, names, filter };
        let is_advanced = request.eventual && query.wants_count();
        match query.filter.as_ref().and_then(|filter| schema.support.objection(filter, is_advanced)) {
            Some(objection) => Err(Refusal::unsupported_query(objection)),
            None => Ok(query),
        }
    }

    fn wants_count(&self) -> bool {
        self.request.option("$count").is_some_and(|c| c.eq_ignore_ascii_case("true"))
    }

    pub(super) fn matches(&self, object: &Props) -> bool {
        self.filter.as_ref().is_none_or(|f| f.matches(object))
    }

    /// The selected properties of an object.
    pub(super) fn select(&self, object: &Props) -> Map<String, Value> {
        let value = |name: &str| match object.get(name) {
            Some(value) => value.clone(),
            None if COLLECTIONS.split(' ').any(|c| c == name) => json!([]),
            None => Value::Null,
        };
        self.names.iter().map(|name| ((*name).to_owned(), value(name))).collect()
    }

    /// The answer with one object.
    pub(super) fn entity(&self, object: &Props) -> Reply {
        let mut entity = self.select(object);
        entity.insert("@odata.context".to_owned(), format!("{}/$entity", self.context()).into());
        Reply::odata(200, &entity)
    }

    /// The answer with one page of a list.
    pub(super) fn page<T>(
        &self,
        items: impl Iterator<Item = T>,
        mut render: impl FnMut(T) -> Map<String, Value>,
    ) -> Result<Reply, Refusal> {
        let top = self.number("$top", 100)?;
        if !(1..=999).contains(&top) {
            return Err(Refusal::bad_request("Invalid page size specified. Must be between 1 and 999 inclusive."));
        }
        let skip = self.number("$skiptoken", 0)?;
        let mut body = Map::from_iter([("@odata.context".to_owned(), json!(self.context()))]);
        let mut items = items.skip(skip);
        let value = items.by_ref().take(top).map(|item| Value::Object(render(item))).collect::<Vec<_>>();
        let rest = if self.wants_count() { items.count() } else { items.take(1).count() };
        if rest > 0 {
            body.insert("@odata.nextLink".to_owned(), self.next_link(skip.saturating_add(top)).into());
        }
        if self.wants_count() && self.request.eventual {
            body.insert("@odata.count".to_owned(), (skip + value.len() + rest).into());
        }
        body.insert("value".to_owned(), value.into());
        Ok(Reply::odata(200, &body))
    }

    fn number(&self, option: &str, default: usize) -> Result<usize, Refusal> {
        let text = self.request.option(option);
        let number = text.map_or(Some(default), |t| t.parse().ok().filter(|&n: &usize| n < 1 << 40));
        number.ok_or_else(|| Refusal::bad_request(format!("Invalid value for the query option '{option}'.")))
    }

    fn context(&self) -> String {
        let selected = self.request.option("$select").map_or(String::new(), |_| format!("({})", self.names.join(",")));
        format!("{}/{}/$metadata#{}{selected}", self.url, self.request.path[0], self.schema.set)
    }

    fn next_link(&self, skip: usize) -> String {
        let (path, query) = self.request.target.split_once('?').unwrap_or((&self.request.target, ""));
        let kept = query.split('&').filter(|p| !p.is_empty() && !p.to_lowercase().contains("skiptoken"));
        let options = kept.map(str::to_owned).chain([format!("$skiptoken={skip}")]).collect::<Vec<_>>();
        format!("{}{path}?{}", self.url, options.join("&"))
    }
}

impl Schema {
    fn property(&self, name: &str) -> Result<&'static str, Refusal> {
        self.known.split(' ').find(|k| k.eq_ignore_ascii_case(name)).ok_or_else(|| {
            let message = format!(
                "Parsing OData Select and Expand failed: Could not find a property named '{name}' on type '{}'.",
                self.name
            );
            Refusal::new(400, "BadRequest", message)
        })
    }
}
