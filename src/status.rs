//! What a call ended with, as a number that never changes its meaning.

use std::ffi::CStr;

/// What a call ended with.
///
/// Numbers are append-only and grouped: 1 to 99 the caller's input, 100 to 199 sign-in, 200 to 299 the
/// directory's refusals, 300 to 399 network and service, 400 to 499 a change that is not wholly done,
/// 500 to 599 how a batch stands, which is no error,
/// 900 to 999 the library itself. `redemption_status_name` gives the name without the prefix.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(i32)]
pub enum Status {
    /// Done as asked.
    Ok = 0,

    /// A required argument is NULL.
    NullArgument = 1,
    /// An argument is not UTF-8.
    InvalidUtf8 = 2,
    /// An argument is longer than 1 MiB.
    ArgumentTooLong = 3,
    /// `user_id` is neither an object id nor a user principal name nor an e-mail address.
    InvalidUserId = 4,
    /// The e-mail address is empty.
    EmptyAddress = 5,
    /// The e-mail address is malformed.
    MalformedAddress = 6,
    /// The options or the request are not JSON, or not one JSON object.
    InvalidJson = 7,
    /// A key is not known. Nothing is ignored silently.
    UnknownOption = 8,
    /// A key stands twice in one object.
    DuplicateOption = 9,
    /// A value has the wrong JSON type.
    WrongType = 10,
    /// A value is outside its range or its list of allowed words.
    OutOfRange = 11,
    /// A required key is missing.
    MissingOption = 12,
    /// Two options contradict each other.
    ConflictingOptions = 13,
    /// The invitation's message is longer than this library sends (10,000 characters).
    MessageTooLong = 14,
    /// `op` names no operation of this library.
    UnknownOperation = 15,
    /// A URL is malformed, or plain http where only https is allowed.
    InsecureUrl = 16,
    /// No session has this id; it may have been ended.
    UnknownSession = 17,
    /// No cancel object has this id; it may have been freed.
    UnknownCancelId = 18,
    /// The file of `ca_file` cannot be read, or holds no certificate.
    CaFileUnusable = 19,
    /// The batch takes no more guests: it was finished, or cancelled.
    BatchClosed = 20,
    /// The guest stands in this batch already, with another address or other options.
    BatchConflict = 21,
    /// The journal cannot be created, written or locked, or exists where a new one was asked for.
    JournalUnusable = 22,
    /// The journal is damaged before its end, or is no journal.
    JournalDamaged = 23,
    /// The journal belongs to another tenant or cloud, to other options, or to a newer version of this library.
    JournalMismatch = 24,
    /// The file for the redeem links cannot be created or written, or others may read it.
    RedeemUrlFileUnusable = 25,

    /// No credential was given, and the environment holds none.
    NotSignedIn = 100,
    /// The access token has expired.
    TokenExpired = 101,
    /// The service does not accept the access token.
    TokenRejected = 102,
    /// The access token was issued for another service or another cloud.
    WrongAudience = 103,
    /// The application's secret, certificate or federated credential is wrong or has expired.
    CredentialRejected = 104,
    /// The application is not known in the tenant.
    AppNotFound = 105,
    /// The permissions were not consented to.
    ConsentMissing = 106,
    /// The sign-in needs a person: multifactor authentication or a conditional access policy.
    InteractionRequired = 107,
    /// The tenant does not exist, or the account is not one of it.
    WrongTenant = 108,
    /// The sign-in was refused for another reason, which the message tells.
    SignInFailed = 109,
    /// The certificate cannot be read, has no usable private key, or has expired.
    CertificateUnusable = 110,
    /// The place that a grant takes its token from is not there: no managed identity, no Azure CLI, no token file.
    GrantUnavailable = 111,
    /// Nobody has finished the sign-in in time, or its answer does not belong to it.
    SignInNotFinished = 112,

    /// No user has this id, name or address.
    GuestNotFound = 200,
    /// Several users match; name one by its object id.
    SeveralMatches = 201,
    /// The user is an internal member: the invitation would convert it.
    InternalUser = 202,
    /// The user is an internal guest (a guest with credentials of this tenant): the invitation would convert it.
    InternalGuest = 203,
    /// Whether the user is external cannot be told from its properties.
    ExternalUnclear = 204,
    /// The user is deleted and can be restored.
    GuestDeleted = 205,
    /// The guest has no e-mail address, and none was given.
    NoAddress = 206,
    /// The new address belongs to another object, or goes to another guest of the batch.
    AddressInUse = 207,
    /// The address is not, or not yet, one of the guest's own.
    AddressNotOnGuest = 208,
    /// The address belongs to a domain of this tenant.
    AddressIsInternal = 209,
    /// The address belongs to a group, which cannot be invited.
    AddressIsGroup = 210,
    /// The caller's roles or permissions do not suffice.
    AccessDenied = 211,
    /// The access token lacks a permission.
    PermissionMissing = 212,
    /// The tenant does not allow this caller to invite guests.
    InvitationsDisabled = 213,
    /// Cross-tenant access settings block the invitation.
    CrossTenantBlocked = 214,
    /// The guest holds a directory role, and an application may not reset it.
    GuestHoldsRole = 215,
    /// The service refused the request for another reason, which the message tells.
    RequestRefused = 216,
    /// The service knows no such object or path.
    NotFound = 217,
    /// The guest is not as it was when it was planned.
    GuestChanged = 218,

    /// No connection could be made; nothing was sent.
    ConnectionFailed = 300,
    /// No trusted TLS connection could be made; nothing was sent.
    TlsFailed = 301,
    /// The connection broke before the whole answer had come.
    ConnectionLost = 302,
    /// The answer is not what this service sends: no JSON, or cut off.
    BadAnswer = 303,
    /// The service has a fault (5xx).
    ServiceFault = 304,
    /// Too many requests, until the time limit or the retry limit.
    Throttled = 305,
    /// The time limit was reached.
    TimeLimit = 306,
    /// The caller cancelled.
    Cancelled = 307,
    /// The proxy refused the connection; nothing was sent.
    ProxyRefused = 308,

    /// The address was changed, but the redemption was not reset. The result holds what undoes it.
    AddressChangedNotReset = 400,
    /// The redemption may or may not have been reset, and repeating could send a second mail.
    OutcomeUnknown = 401,

    /// The batch has no room now; take results first.
    BatchFull = 500,
    /// The batch has no result yet.
    BatchPending = 501,
    /// The batch is finished, and all its results have been taken.
    BatchDone = 502,

    /// The library failed inside; the call may be repeated.
    Panic = 900,
    /// The process was forked after the library was used; start a new process instead.
    Forked = 901,
    /// The system gives no thread or no memory.
    OutOfResources = 902,
    /// The journal could not be written while guests were being reset; nothing more is begun.
    JournalFailed = 903,
}

impl Status {
    /// The name without the prefix, such as `GUEST_NOT_FOUND`.
    pub fn name(self) -> &'static str {
        self.c_name().to_str().unwrap_or("UNKNOWN")
    }

    /// The same for C.
    pub(crate) fn c_name(self) -> &'static CStr {
        ALL.iter().find(|(status, _)| *status == self).map_or(c"UNKNOWN", |(_, name)| name)
    }

    /// The status with this number.
    pub fn from_code(code: i32) -> Option<Self> {
        ALL.iter().map(|(status, _)| *status).find(|status| status.code() == code)
    }

    /// Its number.
    pub fn code(self) -> i32 {
        self as i32
    }
}

/// Every status with its name; a test holds this list against the header.
const ALL: &[(Status, &CStr)] = &[
    (Status::Ok, c"OK"),
    (Status::NullArgument, c"NULL_ARGUMENT"),
    (Status::InvalidUtf8, c"INVALID_UTF8"),
    (Status::ArgumentTooLong, c"ARGUMENT_TOO_LONG"),
    (Status::InvalidUserId, c"INVALID_USER_ID"),
    (Status::EmptyAddress, c"EMPTY_ADDRESS"),
    (Status::MalformedAddress, c"MALFORMED_ADDRESS"),
    (Status::InvalidJson, c"INVALID_JSON"),
    (Status::UnknownOption, c"UNKNOWN_OPTION"),
    (Status::DuplicateOption, c"DUPLICATE_OPTION"),
    (Status::WrongType, c"WRONG_TYPE"),
    (Status::OutOfRange, c"OUT_OF_RANGE"),
    (Status::MissingOption, c"MISSING_OPTION"),
    (Status::ConflictingOptions, c"CONFLICTING_OPTIONS"),
    (Status::MessageTooLong, c"MESSAGE_TOO_LONG"),
    (Status::UnknownOperation, c"UNKNOWN_OPERATION"),
    (Status::InsecureUrl, c"INSECURE_URL"),
    (Status::UnknownSession, c"UNKNOWN_SESSION"),
    (Status::UnknownCancelId, c"UNKNOWN_CANCEL_ID"),
    (Status::CaFileUnusable, c"CA_FILE_UNUSABLE"),
    (Status::BatchClosed, c"BATCH_CLOSED"),
    (Status::BatchConflict, c"BATCH_CONFLICT"),
    (Status::JournalUnusable, c"JOURNAL_UNUSABLE"),
    (Status::JournalDamaged, c"JOURNAL_DAMAGED"),
    (Status::JournalMismatch, c"JOURNAL_MISMATCH"),
    (Status::RedeemUrlFileUnusable, c"REDEEM_URL_FILE_UNUSABLE"),
    (Status::NotSignedIn, c"NOT_SIGNED_IN"),
    (Status::TokenExpired, c"TOKEN_EXPIRED"),
    (Status::TokenRejected, c"TOKEN_REJECTED"),
    (Status::WrongAudience, c"WRONG_AUDIENCE"),
    (Status::CredentialRejected, c"CREDENTIAL_REJECTED"),
    (Status::AppNotFound, c"APP_NOT_FOUND"),
    (Status::ConsentMissing, c"CONSENT_MISSING"),
    (Status::InteractionRequired, c"INTERACTION_REQUIRED"),
    (Status::WrongTenant, c"WRONG_TENANT"),
    (Status::SignInFailed, c"SIGN_IN_FAILED"),
    (Status::CertificateUnusable, c"CERTIFICATE_UNUSABLE"),
    (Status::GrantUnavailable, c"GRANT_UNAVAILABLE"),
    (Status::SignInNotFinished, c"SIGN_IN_NOT_FINISHED"),
    (Status::GuestNotFound, c"GUEST_NOT_FOUND"),
    (Status::SeveralMatches, c"SEVERAL_MATCHES"),
    (Status::InternalUser, c"INTERNAL_USER"),
    (Status::InternalGuest, c"INTERNAL_GUEST"),
    (Status::ExternalUnclear, c"EXTERNAL_UNCLEAR"),
    (Status::GuestDeleted, c"GUEST_DELETED"),
    (Status::NoAddress, c"NO_ADDRESS"),
    (Status::AddressInUse, c"ADDRESS_IN_USE"),
    (Status::AddressNotOnGuest, c"ADDRESS_NOT_ON_GUEST"),
    (Status::AddressIsInternal, c"ADDRESS_IS_INTERNAL"),
    (Status::AddressIsGroup, c"ADDRESS_IS_GROUP"),
    (Status::AccessDenied, c"ACCESS_DENIED"),
    (Status::PermissionMissing, c"PERMISSION_MISSING"),
    (Status::InvitationsDisabled, c"INVITATIONS_DISABLED"),
    (Status::CrossTenantBlocked, c"CROSS_TENANT_BLOCKED"),
    (Status::GuestHoldsRole, c"GUEST_HOLDS_ROLE"),
    (Status::RequestRefused, c"REQUEST_REFUSED"),
    (Status::NotFound, c"NOT_FOUND"),
    (Status::GuestChanged, c"GUEST_CHANGED"),
    (Status::ConnectionFailed, c"CONNECTION_FAILED"),
    (Status::TlsFailed, c"TLS_FAILED"),
    (Status::ConnectionLost, c"CONNECTION_LOST"),
    (Status::BadAnswer, c"BAD_ANSWER"),
    (Status::ServiceFault, c"SERVICE_FAULT"),
    (Status::Throttled, c"THROTTLED"),
    (Status::TimeLimit, c"TIME_LIMIT"),
    (Status::Cancelled, c"CANCELLED"),
    (Status::ProxyRefused, c"PROXY_REFUSED"),
    (Status::AddressChangedNotReset, c"ADDRESS_CHANGED_NOT_RESET"),
    (Status::OutcomeUnknown, c"OUTCOME_UNKNOWN"),
    (Status::BatchFull, c"BATCH_FULL"),
    (Status::BatchPending, c"BATCH_PENDING"),
    (Status::BatchDone, c"BATCH_DONE"),
    (Status::Panic, c"PANIC"),
    (Status::Forked, c"FORKED"),
    (Status::OutOfResources, c"OUT_OF_RESOURCES"),
    (Status::JournalFailed, c"JOURNAL_FAILED"),
];
