# Journals for tests, written without the library: what it reads is then the form, not its own mistakes.

$crcTable = foreach ($n in 0..255) {
    $c = [uint32]$n
    foreach ($bit in 1..8) { $c = if ($c -band 1) { [uint32]3988292384 -bxor ($c -shr 1) } else { $c -shr 1 } }
    $c
}
function Get-Crc([byte[]] $Bytes) {
    $c = [uint32]::MaxValue
    foreach ($b in $Bytes) { $c = $crcTable[($c -bxor $b) -band 0xff] -bxor ($c -shr 8) }
    $c -bxor [uint32]::MaxValue
}

# A journal as the form of journals has it: each line with its number, and a sum that begins with the header's.
function New-Journal([string] $Path, [object[]] $Record, [string] $Tenant = $env:AZURE_TENANT_ID, [string] $Id = 'j1', [string] $Time = '2026-11-21T17:00:00Z', [string] $Cloud = 'global', [string] $GraphUrl = 'https://graph.example') {
    $header = [ordered]@{ kind = 'header'; schema = 1; id = $Id; library = '0.1.0'; tenant_id = $Tenant; cloud = $Cloud; graph_url = $GraphUrl; options = @{} }
    $seal = [uint32]0
    $seq = 0
    $lines = foreach ($one in @($header) + $Record) {
        $line = [ordered]@{ seq = $seq; synced = $seq; time = $Time }
        foreach ($key in $one.Keys) { $line[$key] = $one[$key] }
        $text = (ConvertTo-Json $line -Compress -Depth 9) -replace '\}$'
        $sum = Get-Crc ([BitConverter]::GetBytes($seal) + [Text.Encoding]::UTF8.GetBytes($text))
        if ($seq++ -eq 0) { $seal = $sum }
        '{0},"sum":"{1:x8}"}}' -f $text, $sum
    }
    [IO.File]::WriteAllText($Path, ($lines -join "`n") + "`n")
    $Path
}

function Get-Intent([string] $Id, [string] $Email, [hashtable] $More = @{}) {
    $all = [ordered]@{ kind = 'intent'; user_id = $Id; email = $Email; tag = 1; step = 'invite'; mail = $false; state_before = 'Accepted'; changed_before = '2026-01-01T00:00:00Z' }
    foreach ($key in $More.Keys) { $all[$key] = $More[$key] }
    $all
}
function Get-AddressIntent([string] $Id, [string] $Email, [string] $Old) {
    Get-Intent $Id $Email @{ step = 'address'; address = @{ mail = $Email; other_mails = $null; undo = @{ mail = $Old; other_mails = $null } } }
}
function Get-Outcome($Id, $Email, [string] $Outcome, [hashtable] $More = @{}) {
    $all = [ordered]@{ kind = 'outcome'; user_id = $Id; email = $Email; tag = 1; outcome = $Outcome; status = 'OK'; state_changed = $null; request_ids = @() }
    foreach ($key in $More.Keys) { $all[$key] = $More[$key] }
    $all
}
