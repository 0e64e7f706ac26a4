/// The defaults by class: what becomes of a lock class that more than one OSlet uses, and which
/// group it belongs to, where neither layout nor workload says.
///
/// The rules are tried in order; the first that matches decides.
public struct PolicyTable: Hashable, Sendable {
  /// The rules, most specific first.
  public var rules: [Rule]

  /// A table of `rules`.
  public init(_ rules: [Rule]) { self.rules = rules }

  /// One default with its reason.
  public struct Rule: Hashable, Sendable {
    /// Beginnings of words of the class name, lower case; empty matches every name.
    public var words: [String]
    /// The scope it is limited to; nil for any.
    public var scope: Scope?
    /// The sharing policy.
    public var sharing: ClassPolicy.Sharing
    /// The group of the classes it matches; nil for none.
    public var group: String?
    /// Why, in one line.
    public var reason: String

    /// A rule; see the properties.
    public init(
      words: [String] = [], scope: Scope? = nil, _ sharing: ClassPolicy.Sharing,
      group: String? = nil, reason: String
    ) {
      self.words = words
      self.scope = scope
      self.sharing = sharing
      self.group = group
      self.reason = reason
    }

    /// Whether the rule speaks of a class of this name and scope.
    ///
    /// A word is a run of letters, digits and underscores: `inode` matches `inode_hash_lock` and
    /// `ext4 inode`, and `rq` does not match `irq`.
    public func matches(name: String, scope: Scope) -> Bool {
      if let only = self.scope, only != scope { return false }
      if words.isEmpty { return true }
      let spoken = name.lowercased().split { !($0.isLetter || $0.isNumber || $0 == "_") }
      return spoken.contains { word in words.contains { word.hasPrefix($0) } }
    }
  }

  /// The rule that decides for a class; private without a group when none matches.
  public func rule(for lockClass: LockClass) -> Rule {
    rules.first { $0.matches(name: lockClass.name, scope: lockClass.scope) }
      ?? Rule(.private, reason: "no rule: an instance per OSlet")
  }

  /// The group a class belongs to: its own, or that of its rule.
  public func group(of lockClass: LockClass) -> String? {
    lockClass.group ?? rule(for: lockClass).group
  }
}
