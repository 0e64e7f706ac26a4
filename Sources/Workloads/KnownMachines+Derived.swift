extension KnownMachines {
  /// Machines of published lock tables whose transfers nobody published: their topology was read,
  /// their transfers are a relative's, and the source says so.
  static let derived: [Machine] = [
    server(
      "oracle-x5-4", sockets: 4, cores: 18, smt: 2, ns: (10.3, 57.3, 57.3, 165.1),
      "topology: 4x Xeon E7-8895 v3, 18 cores, LKML 20210514200743.3026725-1-alex.kogan@oracle.com",
      source:
        "line transfers: derived; in a socket the Xeon E5-2698 v3's, the same generation, across "
        + "four sockets the Xeon E5-4650 v2's, one older (\(plusRepository))"),
    server(
      "xeon-8468", sockets: 2, cores: 48, smt: 2, ns: (8.1, 55.3, 55.3, 148.3),
      "topology: 2x Xeon Platinum 8468, 48 cores, LKML 20250206105435.2159977-1-memxor@gmail.com",
      source: "line transfers: derived; in a socket the Xeon w9-3475X's, the same generation "
        + "(\(plusRepository)), across 2.68 times that, the median ratio of seven measured Xeons"),
    server(
      "ampere-altra-max-2s", sockets: 2, cores: 128, ns: (0, 47, 47, 197),
      "topology: 2x128 Neoverse N1, LKML 20250206105435.2159977-1-memxor@gmail.com",
      source:
        "line transfers: derived, Graviton2's (Neoverse N1) in the socket and the EPYC 7R13's "
        + "across, as no Neoverse pair of sockets was measured"),
    server(
      "ampere-altra", cores: 64, ns: (0, 47, 47, 47),
      "topology: 64 CPUs, kvmarm 20220118015703.3630552-1-jingzhangos@google.com",
      source: "line transfers: derived, those of Graviton2, the same Neoverse N1 core and mesh"),
    server(
      "epyc-7773x", islands: 8, cores: 8, smt: 2, ns: (10, 23, 115, 115),
      "SMT and whole-socket figures: GitHub nviennot/core-to-core-latency README, commit 0dddf509",
      source: "within an island: derived, the EPYC 7R13's 23 ns, the same Zen 3 complex"),
    server(
      "ryzen-7950x", islands: 2, cores: 8, smt: 2, ns: (5.3, 17, 68, 68),
      "SMT and whole-socket figures: GitHub nviennot/core-to-core-latency README, commit 0dddf509",
      source: "within an island: derived, the Ryzen 5950X's 17 ns, the same eight-core complex"),
  ]
}
