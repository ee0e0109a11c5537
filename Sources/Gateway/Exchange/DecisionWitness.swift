import Audit
import Catalogue
import Policy

/// Hears what is found out about a request while it is decided, also when the end is a refusal: the record, and `explain`.
protocol DecisionWitness {
    mutating func learn(rawTarget: String)
    /// The project that a path named and the caller may not use.
    mutating func learn(refusedProject: String)
    mutating func learn(route: Route)
    mutating func learn(rule: String)
    mutating func learn(enterpriseProject: Record.EnterpriseProjectID?)
}
