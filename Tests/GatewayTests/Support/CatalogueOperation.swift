import Catalogue

/// The catalogue's operation, for files that import Foundation, which has a type of the same name.
typealias CatalogueOperation = Operation
