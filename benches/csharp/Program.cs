using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Runtime.InteropServices;
using GuestRedemption;

// For each line on standard input, "reset" or "show", one round of calls that send nothing;
// answers with the time per call: wall and CPU, in microseconds.
var calls = int.Parse(args[0]);
var show = new Dictionary<string, object> { ["op"] = "session.show" };

// so that the just-in-time compiler is done before anything is measured
for (var i = 0; i < 3; i++)
{
    Round("reset");
    Round("show");
    System.Threading.Thread.Sleep(200);
}
Console.WriteLine($"{RuntimeInformation.FrameworkDescription}, client of powershell/src/GuestRedemption, library {Client.Version}");

for (string what; (what = Console.ReadLine()) != null;)
{
    Console.WriteLine(FormattableString.Invariant($"{Round(what)}"));
}

string Round(string what)
{
    var cpu = Environment.CpuUsage.TotalTime;
    var clock = Stopwatch.StartNew();
    for (var i = 0; i < calls; i++) Call(what);
    var wall = clock.Elapsed;
    cpu = Environment.CpuUsage.TotalTime - cpu;
    return FormattableString.Invariant($"{wall.TotalMicroseconds / calls:F3} {cpu.TotalMicroseconds / calls:F3}");
}

void Call(string what)
{
    var isReset = what == "reset";
    var result = isReset ? Client.Reset("10000000-0000-4000-8000-000000000001", "no address", null) : Client.Call(show);
    if (result.IsOk == isReset) throw new InvalidOperationException(result.Message);
}
