/// A value from the command line. Never a secret, because other users of the machine can read it.
package struct FlagValue: Sendable, Hashable {
    /// As it was typed, e.g. `--admin-address`.
    package let name: String
    package let path: SettingPath
    package let value: String

    /// - Parameter path: keys joined by dots, e.g. `admin.address`; only settings outside of lists.
    package init(_ name: String, setting path: String, to value: String) {
        self.name = name
        self.path = SettingPath(path.split(separator: ".").map { .key(String($0)) })
        self.value = value
    }
}
