"""How it is built: schedules, datapaths, interfaces, components and Verilog."""
