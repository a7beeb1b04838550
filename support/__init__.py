"""The ground floor: names, parameters, registries, arrays, files, caches, programs and Yosys."""
