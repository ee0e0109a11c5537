import Administration
import Credentials
import Gateway
import Settings

/// Makes the admin port's access control: its tokens and its TLS.
enum AdminAssembly {
    /// The port speaks HTTP/1.1 only.
    private static let protocols = ["http/1.1"]

    static func access(_ settings: AdminSettings) throws(Failure) -> AdminAccess {
        var tokens: [AdminAccess.Token] = []
        if let reference = settings.token {
            tokens.append(try token(AdminSettings.operatorName, .operator, reference, place: "admin.token_file"))
        }
        for named in settings.tokens {
            let role: AdminAccess.Role = named.role == .operator ? .operator : .auditor
            tokens.append(try token(named.name, role, named.token, place: "The token of admin.tokens.\(named.name)"))
        }
        return AdminAccess(tokens: tokens, asksForCertificates: settings.tls?.clientAuthorityFile != nil)
    }

    static func tls(_ settings: AdminSettings) throws(Failure) -> ListenerTLS? {
        do throws(ListenerTLS.Fault) {
            return try settings.tls.map { tls throws(ListenerTLS.Fault) in try ListenerTLS(ListenerTLS.Files(tls), protocols: protocols) }
        } catch {
            throw Failure(.badConfiguration, "The admin port can't serve TLS: \(error.path) \(error.sentence).")
        }
    }

    private static func token(_ name: String, _ role: AdminAccess.Role, _ reference: SecretReference, place: String) throws(Failure)
        -> AdminAccess.Token
    {
        do throws(SecretFault) {
            let token = try StoredToken(reference)
            return AdminAccess.Token(name: name, role: role) { token.matches($0) }
        } catch {
            throw Failure(.badConfiguration, "\(place) can't be used. \(error.sentence)")
        }
    }
}
