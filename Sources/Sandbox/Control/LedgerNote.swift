/// An observation about a request that its status doesn't show.
package enum LedgerNote: String, Sendable {
    /// Both `X-Auth-Token` and `Authorization`: the gateway must never send that.
    case bothCredentials = "both_credentials"
    /// Neither of them.
    case noCredential = "no_credential"
    /// `Credential=` instead of `Access=`.
    case legacyDialect = "legacy_dialect"
    /// `V11-HMAC-SHA256`.
    case derivedDialect = "derived_dialect"
    /// The access key is locked.
    case accessKeyLocked = "access_key_locked"
    /// Temporary keys without their security token, or with another.
    case securityTokenMissing = "security_token_missing"
    /// `enterprise_project_id` more than once.
    case repeatedEnterpriseProject = "repeated_enterprise_project"
    /// `enterprise_project_id` on an operation that doesn't have it.
    case enterpriseProjectNotTaken = "enterprise_project_not_taken"
    /// A GET that changed something.
    case changedByGet = "changed_by_get"
}
