/// Why a command ends, as a sentence for the operator, and the exit code that scripts rely on.
package struct Failure: Error {
    package enum Code: Int32 {
        case runtime = 1
        case usage = 2
        case badConfiguration = 3
        case auditNotWritable = 4
        case cannotBind = 5
        /// `config check --connect`: a credential was not accepted.
        case credentialFails = 7
    }

    package let code: Code
    package let message: String

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }
}
