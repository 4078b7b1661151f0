# about_AzureADPreview_Migration says what the scanner and the cmdlets say.
. "$PSScriptRoot/harness.ps1"
Import-Module "$modules/GuestRedemption"
Import-Module "$modules/GuestRedemption.AzureADPreview"

$folder = "$modules/GuestRedemption.AzureADPreview"
$topic = [IO.File]::ReadAllText("$folder/en-US/about_AzureADPreview_Migration.help.txt") -replace "`r"
$old = [IO.File]::ReadAllText("$folder/OldCommands.json") | ConvertFrom-Json

# The lines after "old" and "new", each with its continuation.
function Get-Lines([string] $Kind) {
    [regex]::Matches($topic, "(?m)^    $Kind   (.+(?:(?<=``)\n.+)*)") | ForEach-Object { $_.Groups[1].Value }
}

It 'is found by Get-Help and fits a narrow window' {
    Assert-Match 'Find-AzureADScriptUsage' (Get-Help about_AzureADPreview_Migration | Out-String)
    foreach ($line in $topic.Split("`n")) { Assert-True ($line.Length -le 80) $line }
}

It 'shows old lines that the scanner knows, and new ones that this module takes' {
    $before, $after = @(Get-Lines 'old'), @(Get-Lines 'new')
    Assert-True ($before.Count -ge 10) "$($before.Count) lines"
    Assert-Equal $before.Count $after.Count 'pairs'
    $script = Join-Path ([IO.Path]::GetTempPath()) "$([Guid]::NewGuid()).ps1"
    try {
        foreach ($line in $before) {
            [IO.File]::WriteAllText($script, $line)
            Assert-True (Find-AzureADScriptUsage $script -ErrorAction Stop) "found in: $line"
        }
    }
    finally { [IO.File]::Delete($script) }
    foreach ($line in $after -ne '(nothing)') {
        $calls = [scriptblock]::Create($line).Ast.FindAll({ $args[0] -is [Management.Automation.Language.CommandAst] }, $true)
        foreach ($call in $calls | Where-Object { $_.GetCommandName() -like '*-GuestRedemption*' }) {
            $command = Get-Command $call.GetCommandName()
            foreach ($parameter in $call.CommandElements | Where-Object { $_ -is [Management.Automation.Language.CommandParameterAst] }) {
                Assert-True $command.Parameters.ContainsKey($parameter.ParameterName) $line
            }
        }
    }
}

It 'has the replacements of the table that the scanner reads' {
    $rows = [regex]::Matches($topic, '(?m)^        (\w+-(?:AzureAD|Msol)\w+)\n            (\S.*)$')
    Assert-True ($rows.Count -ge 25) "$($rows.Count) rows"
    foreach ($row in $rows) {
        $entry = $old.($row.Groups[1].Value)
        $entra = if ($entry.PSObject.Properties['entra']) { $entry.entra }
        Assert-Equal ((@($entry.graph -join ', ') + $entra) -join ' or ') $row.Groups[2].Value $row.Groups[1].Value
    }
}

It 'shows lines of its own that are commands' {
    $lines = [regex]::Matches($topic, '(?m)^        (?:Find|Enable|Import)-.*$') | ForEach-Object { $_.Value.Trim() }
    Assert-True (@($lines).Count -ge 4) "$lines"
    foreach ($line in $lines) { $null = [scriptblock]::Create($line) }
}

exit $failures
