import Audit
import Catalogue

extension Record.Kind {
    init(_ kind: OperationKind) {
        switch kind {
        case .read: self = .read
        case .write: self = .write
        case .export: self = .export
        case .download: self = .download
        }
    }
}
