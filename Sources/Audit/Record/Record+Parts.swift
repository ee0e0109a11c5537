extension Record {
    /// The caller, how it was recognised, and its address.
    package struct Caller: Sendable, RecordPart {
        /// The caller's name in the configuration; absent if no caller was recognised.
        package var name: String?
        /// The proof by which it was recognised: `cidr`, `api_key`, `mtls_san`, ...
        package var method: String?
        /// The peer's address.
        package var address: String?

        /// Makes a caller.
        package init(name: String?, method: String? = nil, address: String? = nil) {
            self.name = name
            self.method = method
            self.address = address
        }

        @inline(__always)
        func visit(_ visitor: inout some RecordVisitor) {
            visitor.visit(.callerName, name)
            visitor.visit(.callerMethod, method)
            visitor.visit(.callerAddress, address)
        }
    }

    /// The HSS project of an exchange.
    package struct Project: Sendable, RecordPart {
        /// The project's name in the configuration.
        package var name: String?
        /// The project's id.
        package var id: String?
        /// The region it lies in.
        package var region: String?

        /// Makes a project.
        package init(name: String? = nil, id: String? = nil, region: String? = nil) {
            self.name = name
            self.id = id
            self.region = region
        }

        @inline(__always)
        func visit(_ visitor: inout some RecordVisitor) {
            visitor.visit(.projectName, name)
            visitor.visit(.projectID, id)
            visitor.visit(.projectRegion, region)
        }
    }

    /// The enterprise project of an exchange.
    package struct EnterpriseProjectID: Sendable, RecordPart {
        /// The value that was sent upstream.
        package var value: String
        /// Whether the gateway added it.
        package var injected: Bool

        /// Makes an enterprise project.
        package init(value: String, injected: Bool) {
            self.value = value
            self.injected = injected
        }

        @inline(__always)
        func visit(_ visitor: inout some RecordVisitor) {
            visitor.visit(.enterpriseValue, value)
            visitor.visit(.enterpriseInjected, injected)
        }
    }

    /// The credential of a request: its name, never its content.
    package struct Credential: Sendable, RecordPart {
        /// The credential's name in the configuration.
        package var name: String
        /// The credential's type, `aksk` or another.
        package var type: String?
        /// The last characters of the access key, which is enough to find it in the cloud's console.
        package var accessKeyTail: String?

        /// Makes the record of a credential.
        package init(name: String, type: String? = nil, accessKeyTail: String? = nil) {
            self.name = name
            self.type = type
            self.accessKeyTail = accessKeyTail
        }

        @inline(__always)
        func visit(_ visitor: inout some RecordVisitor) {
            visitor.visit(.credentialName, name)
            visitor.visit(.credentialType, type)
            visitor.visit(.accessKeyTail, accessKeyTail)
        }
    }
}
