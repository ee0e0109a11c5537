package import Inquiry
package import Settings
import Shipping

extension FleetArchive {
    /// The central database whose URL is in a file; the file is read for each query, so that a new password is used at once.
    package init(urlFile: String) {
        let reader = CentralReader { () throws(SinkFailure) in try SecretText.read(urlFile) }
        self.init { sql throws(InquiryError) in
            do throws(SinkFailure) {
                return try reader.rows(sql.text, sql.arguments.map(\.text))
            } catch {
                throw .databaseUnreadable(error.reason)
            }
        }
    }

    /// The first database that a gateway ships its journal to; nil if there is none.
    package static func shipped(by settings: GatewaySettings) -> FleetArchive? {
        for sink in settings.audit.shipping {
            if case .postgresql(let file) = sink.target { return FleetArchive(urlFile: file) }
        }
        return nil
    }
}
