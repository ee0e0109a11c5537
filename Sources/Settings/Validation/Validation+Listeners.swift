extension Validation {
    mutating func checkListeners() {
        if settings.listeners.isEmpty {
            report(.missing, .root.key("listeners"), "there is no listener", hint: "remove the key for the default, 127.0.0.1:8080")
        }
        let someoneIsRecognised = settings.callers.contains { $0.authentication.isPresent }
        for (index, listener) in settings.listeners.enumerated() {
            let path = SettingPath.item("listeners", index)
            checkClashes(of: index, path)
            guard !listener.isLocal, !listener.allowsAnonymous, !someoneIsRecognised, !isFaulty(path.key("anonymous")) else { continue }
            let message = "this address can be reached from other machines, and no caller has a rule by which it is recognised"
            let hint = "add `callers` with `authenticate`, or write `anonymous: true` on the listener if everybody may use the credentials"
            report(.unsafe, path.key("address"), message, hint: hint)
        }
        checkAdmin()
    }

    private mutating func checkAdmin() {
        let path = SettingPath.root.key("admin")
        let named = path.key("tokens")
        for (index, token) in settings.admin.tokens.enumerated() where token.name == AdminSettings.operatorName && settings.admin.token != nil {
            let message = "records call the bearer of `admin.token_file` by this name"
            report(.conflict, named.index(index).key("name"), message, hint: "choose another name, or remove `token_file`")
        }
        guard !settings.admin.address.host.isLoopback, !settings.admin.asksWhoItIs, !hasFault(below: path) else { return }
        let message = "the admin address can be reached from other machines, and there is no token"
        let hint = "add `token_file:`, `tokens:` or `tls:` with `client_ca_file:` under `admin`, or use a loopback address"
        report(.unsafe, path.key("address"), message, hint: hint)
    }

    /// Compares the listener with those before it and with the admin address.
    private mutating func checkClashes(of index: Int, _ path: SettingPath) {
        switch settings.listeners[index].endpoint {
        case .tcp(let address):
            let admin = SettingPath.root.key("admin").key("address")
            if address.clashes(with: settings.admin.address), !isFaulty(admin), !isFaulty(path.key("address")) {
                let place = isWritten(path.key("address")) ? path.key("address") : admin
                report(.conflict, place, "a data listener and the admin listener have the same address", hint: "give them different ports")
            }
            for (earlier, other) in settings.listeners[..<index].enumerated() {
                guard case .tcp(let taken) = other.endpoint, address.clashes(with: taken) else { continue }
                guard !isFaulty(.item("listeners", earlier).key("address")) else { continue }
                report(.conflict, path.key("address"), "`listeners[\(earlier)]` has the same address", hint: "choose another port")
            }
        case .unix(let socket, _):
            for (earlier, other) in settings.listeners[..<index].enumerated() {
                guard case .unix(socket, _) = other.endpoint else { continue }
                report(.conflict, path.key("unix"), "`listeners[\(earlier)]` has the same socket", hint: "choose another path")
            }
        }
    }

    /// Whether anything at or below a path could not be read.
    func hasFault(below path: SettingPath) -> Bool {
        isFaulty(path) || faultyPaths.contains { $0.steps.starts(with: path.steps) }
    }
}
