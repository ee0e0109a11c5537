/// Those who are to be called back, in the order in which they came.
///
/// The list is emptied before the first one is called, since a callback may put others, or itself, on it again; those wait for the next time.
/// Its memory is used again, unless others were added meanwhile.
struct ServedList<Element> {
    private var elements: [Element] = []

    var isEmpty: Bool { elements.isEmpty }

    mutating func append(_ element: Element) { elements.append(element) }

    mutating func append(contentsOf others: some Sequence<Element>) { elements.append(contentsOf: others) }

    /// Takes all who are to be served.
    mutating func take() -> [Element] {
        var taken: [Element] = []
        swap(&taken, &elements)
        return taken
    }

    /// Takes back the memory of a list that was served.
    mutating func recycle(_ served: consuming [Element]) {
        guard elements.isEmpty else { return }
        served.removeAll(keepingCapacity: true)
        swap(&served, &elements)
    }
}
