<#
What it costs to complete a guest while somebody types: the first completion of a session, and those after it, against
a sandbox tenant whose every answer takes 20 ms.

    pwsh -NoProfile -File benches/completion.ps1

Needs a built library and sandbox (cargo build --release --features sandbox).
#>
[CmdletBinding()]
param([int] $Rounds = 20)
Set-StrictMode -Version 2
$ErrorActionPreference = 'Stop'
$goal = 300
$delay = 20
Import-Module "$PSScriptRoot/../powershell/GuestRedemption"

function Measure-Completion([string] $Typed) {
    $line = "Reset-GuestRedemption $Typed"
    $clock = [Diagnostics.Stopwatch]::StartNew()
    $found = [Management.Automation.CommandCompletion]::CompleteInput($line, $line.Length, $null).CompletionMatches
    $clock.Stop()
    if (-not $found.Count) { throw "nothing completes '$Typed'" }
    $clock.Elapsed.TotalMilliseconds
}

function Get-Median([double[]] $Values) {
    $sorted = @($Values | Sort-Object)
    ($sorted[[Math]::Floor(($sorted.Count - 1) / 2)] + $sorted[[Math]::Floor($sorted.Count / 2)]) / 2
}

$url = (Connect-GuestRedemption -Sandbox).GraphUrl
try {
    $fault = @{ path = '/users'; times = 10000; action = @{ delay_ms = $delay } } | ConvertTo-Json -Depth 3
    $null = Invoke-RestMethod "$url/sandbox/fault" -Method Post -ContentType 'application/json' -Body $fault
    $first = Measure-Completion 'al'
    # another text each time, so that nothing is remembered from before
    $others = foreach ($round in 1..$Rounds) { Measure-Completion @('bo', 'ali', 'ca', 'da', 'a')[$round % 5] }
}
finally {
    Disconnect-GuestRedemption
}
$median, $most = (Get-Median $others), ($others | Measure-Object -Maximum).Maximum
"completing a guest, each answer of the service after $delay ms (PowerShell $($PSVersionTable.PSVersion))"
"  first of the session {0,8:N1} ms" -f $first
"  median of {1} after it {0,6:N1} ms, at most {2:N1} ms" -f $median, $Rounds, $most
$verdict = if ($first -le $goal -and $most -le $goal) { 'met' } else { 'MISSED' }
"  goal <= $goal ms: $verdict"
