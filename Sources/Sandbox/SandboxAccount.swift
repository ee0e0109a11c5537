/// An IAM user of the stand-in, with its keys, its password and its projects.
package struct SandboxAccount: Sendable {
    /// The access key id.
    package var accessKey: String
    /// The secret access key.
    package var secretKey: String
    /// Set for temporary keys: every signed request must then contain it.
    package var securityToken: String?
    /// The projects the user may act in.
    package var projects: [SandboxProject]
    /// Enterprise projects the user was granted; `0` is the default project.
    package var enterpriseProjects: [String]
    /// The account's name (IAM calls it domain).
    package var domain: String
    /// The user's name.
    package var user: String
    /// The user's password.
    package var password: String

    /// A user with one project.
    package init(accessKey: String, secretKey: String, securityToken: String? = nil, project: SandboxProject) {
        self.accessKey = accessKey
        self.secretKey = secretKey
        self.securityToken = securityToken
        self.projects = [project]
        self.enterpriseProjects = ["0", "b0f5ad50-7b1e-4b6c-9a53-1f0d6f6a2c11"]
        self.domain = "sandbox-domain"
        self.user = "sandbox-user"
        self.password = "sandbox-password"
    }

    /// A user with random keys, password and project id, for a sandbox without configuration.
    package static func generated(region: String = "cn-north-4") -> SandboxAccount {
        var account = SandboxAccount(
            accessKey: "SBX" + Hexadecimal.random(byteCount: 9).uppercased().prefix(17), secretKey: Hexadecimal.random(byteCount: 20),
            project: SandboxProject(id: Hexadecimal.random(byteCount: 16), region: region))
        account.password = Hexadecimal.random(byteCount: 12)
        return account
    }

    /// The id of the account, derived from its name so that every answer has the same one.
    var domainID: String { Self.identifier("domain", domain) }

    /// The id of the user.
    var userID: String { Self.identifier("user", domain + "/" + user) }

    private static func identifier(_ kind: String, _ name: String) -> String {
        // FNV-1a twice with different starts: a stable text that looks like an id, nothing more.
        func hash(_ start: UInt64) -> UInt64 {
            "\(kind):\(name)".utf8.reduce(start) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
        }
        return [hash(0xCBF2_9CE4_8422_2325), hash(0x8422_2325_CBF2_9CE4)].map { value in
            Hexadecimal.text((0..<8).map { UInt8(truncatingIfNeeded: value >> (56 - 8 * UInt64($0))) })
        }.joined()
    }
}

extension SandboxAccount: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The names only: keys and password never appear in printed accounts.
    package var description: String { "SandboxAccount(\(domain)/\(user))" }
    /// As `description`.
    package var debugDescription: String { description }
    /// Empty, so that `dump` shows no secret either.
    package var customMirror: Mirror { Mirror(self, children: [:]) }
}
