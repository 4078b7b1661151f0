# What scripts may rely on: commands, parameters, sets and output types, exactly as contract.json tells. What is added
# or changed on purpose is written there by UPDATE_CONTRACT=1.
. "$PSScriptRoot/harness.ps1"
Import-Module "$modules/GuestRedemption"
Import-Module "$modules/GuestRedemption.AzureADPreview"

$names = 'GuestRedemption', 'GuestRedemption.AzureADPreview'
$file = "$PSScriptRoot/contract.json"
$common = [Management.Automation.PSCmdlet]::CommonParameters + [Management.Automation.PSCmdlet]::OptionalCommonParameters

# "Type (aliases); set: position, mandatory, pipeline ..."
function Get-ParameterText($Parameter) {
    $sets = foreach ($name in $Parameter.ParameterSets.Keys | Sort-Object) {
        $set = $Parameter.ParameterSets[$name]
        $traits = @(
            if ($set.Position -ge 0) { "position $($set.Position)" }
            if ($set.IsMandatory) { 'mandatory' }
            if ($set.ValueFromPipeline) { 'by value' }
            if ($set.ValueFromPipelineByPropertyName) { 'by property' }
            if ($set.ValueFromRemainingArguments) { 'remaining' }
        )
        "$($name -replace '^__AllParameterSets$', 'every set'): $(if ($traits) { $traits -join ', ' } else { 'optional' })"
    }
    $aliases = if ($Parameter.Aliases.Count) { " ($($Parameter.Aliases -join ', '))" }
    $values = $Parameter.Attributes | Where-Object { $_ -is [Management.Automation.ValidateSetAttribute] } | ForEach-Object { " [$($_.ValidValues -join ', ')]" }
    "$($Parameter.ParameterType.ToString())$aliases$values; $($sets -join '; ')"
}

function Get-CommandContract($Command) {
    $information = [Management.Automation.CommandMetadata]::new($Command)
    $parameters = [ordered]@{}
    foreach ($name in $Command.Parameters.Keys | Where-Object { $common -notcontains $_ } | Sort-Object) {
        $parameters[$name] = Get-ParameterText $Command.Parameters[$name]
    }
    [ordered]@{
        kind       = "$($Command.CommandType)"
        output     = @($Command.OutputType | ForEach-Object Name)
        sets       = @($Command.ParameterSets.Name | Sort-Object)
        defaultSet = "$($Command.DefaultParameterSet)"
        asks       = if ($information.SupportsShouldProcess) { "$($information.ConfirmImpact)" } else { 'never' }
        parameters = $parameters
    }
}

function Get-Contract {
    $contract = [ordered]@{}
    foreach ($name in $names) {
        $commands = [ordered]@{}
        foreach ($command in Get-Command -Module $name | Where-Object CommandType -NE 'Alias' | Sort-Object Name) { $commands[$command.Name] = Get-CommandContract $command }
        $aliases = (Get-Module $name).ExportedAliases
        foreach ($alias in $aliases.Keys | Sort-Object) { $commands[$alias] = "alias of $($aliases[$alias].Definition)" }
        $contract[$name] = $commands
    }
    (ConvertTo-Json $contract -Depth 5) -replace "`r`n", "`n"
}

function Get-PublicCommand { Get-Command -Module $names | Where-Object CommandType -NE 'Alias' }

It 'commands and parameters are those of the contract' {
    $actual = Get-Contract
    if ($env:UPDATE_CONTRACT) { [IO.File]::WriteAllText($file, "$actual`n") }
    $expected = [IO.File]::ReadAllText($file) -replace "`r`n", "`n"
    if ($expected -cne "$actual`n") {
        $differences = Compare-Object $expected.TrimEnd().Split("`n") $actual.Split("`n") -CaseSensitive
        throw "the contract was changed (UPDATE_CONTRACT=1 writes it anew):`n$($differences | ForEach-Object { "$(@{ '<=' = 'was'; '=>' = 'is ' }[$_.SideIndicator]) $($_.InputObject)" } | Out-String)"
    }
}

It 'each module exports exactly what its manifest lists by name' {
    foreach ($name in $names) {
        $manifest = Import-PowerShellDataFile "$modules/$name/$name.psd1"
        $listed = foreach ($kind in 'CmdletsToExport', 'FunctionsToExport', 'AliasesToExport') { $manifest[$kind] }
        Assert-NoMatch '\*' "$listed"
        Assert-Equal 0 @($manifest.VariablesToExport).Count 'variables'
        Assert-Equal "$($listed | Sort-Object)" "$((Get-Module $name).ExportedCommands.Keys | Sort-Object)" $name
    }
}

It 'verbs are approved and nouns singular' {
    $approved = (Get-Verb).Verb
    foreach ($command in Get-PublicCommand) {
        Assert-True ($approved -ccontains $command.Verb) "the verb of $($command.Name) is approved"
        Assert-NoMatch '(?<![isu])s$' $command.Noun
    }
}

It 'every command that returns something says what' {
    $silent = 'Add', 'Disable', 'Disconnect', 'Enable', 'Export', 'Remove', 'Set'
    foreach ($command in Get-PublicCommand | Where-Object { $silent -notcontains $_.Verb }) {
        Assert-True $command.OutputType.Count "$($command.Name) has an output type"
        foreach ($type in $command.OutputType) { Assert-True $type.Type "$($type.Name) of $($command.Name) is there" }
    }
}

exit $failures
