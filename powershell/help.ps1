<#
Makes the help files of the modules, in every language that has a folder under help, from one text per command:

    help/<culture>/<Command>.md

    # Verb-Noun                  What the command does, in one line.
                                 Paragraphs, separated by empty lines. Lines of one paragraph are joined by a space.
    ## Parameters                ### -Name and its text. What is not here is looked up in common.md of the same language.
    ## Input, ## Output          what can be piped in, and what comes out
    ## Notes                     where there is more to say
    ## Examples                  ### Title, the code in a fence, and what it does
    ## Links                     - a command or topic each

Headings stay English. Code and links stand in en-US alone; another language has the titles and texts of the same
examples in the same order. A fence "```powershell no_run" marks code that the tests cannot run. Syntax, types, values,
positions, aliases and pipeline input come from the cmdlets themselves.
#>
#Requires -Version 7
[CmdletBinding()]
param(
    # The folder with the texts.
    [string] $Source = "$PSScriptRoot/help",
    # The folder that holds a folder for each module.
    [string] $Destination = $PSScriptRoot
)
Set-StrictMode -Version 2
$ErrorActionPreference = 'Stop'
$modules = 'GuestRedemption', 'GuestRedemption.AzureADPreview'
$original = 'en-US'
$namespaces = @{
    maml    = 'http://schemas.microsoft.com/maml/2004/10'
    command = 'http://schemas.microsoft.com/maml/dev/command/2004/10'
    dev     = 'http://schemas.microsoft.com/maml/dev/2004/10'
}
# what is wrong with the sources, told all at once
$faults = [Collections.Generic.List[string]]::new()

# --- the texts

# Lines as blocks: headings, code and paragraphs.
function Get-Block([string[]] $Lines) {
    $paragraph = @()
    $fence = $null
    foreach ($line in $Lines + '') {
        if ($null -ne $fence) {
            if ($line -ne '```') { $code += $line; continue }
            [pscustomobject]@{ Kind = 'Code'; Text = $code -join "`n"; Runs = $fence -notmatch 'no_run' }
            $fence = $null
            continue
        }
        if ($line -match '^(```|#+ |- |\s*$)' -and $paragraph) {
            [pscustomobject]@{ Kind = 'Paragraph'; Text = $paragraph -join ' ' }
            $paragraph = @()
        }
        switch -Regex ($line) {
            '^```(.*)' { $fence = $Matches[1]; $code = @(); break }
            '^(#+) (.+)' { [pscustomobject]@{ Kind = "Heading$($Matches[1].Length)"; Text = $Matches[2].Trim() }; break }
            '^- (.+)' { [pscustomobject]@{ Kind = 'Entry'; Text = $Matches[1].Trim() }; break }
            '\S' { $paragraph += $line.Trim() }
        }
    }
}

function Read-Text([string] $Path) {
    $text = @{ Name = ''; Synopsis = ''; Description = @(); Parameters = [ordered]@{}; Input = @(); Output = @(); Notes = @(); Examples = @(); Links = @() }
    $section = 'Description'
    $item = $null
    foreach ($block in Get-Block ([IO.File]::ReadAllLines($Path))) {
        switch ($block.Kind) {
            'Heading1' { $text.Name = $block.Text }
            'Heading2' {
                $section = $block.Text
                if ($section -cnotin 'Parameters', 'Input', 'Output', 'Notes', 'Examples', 'Links') { $faults.Add("$Path has a section '$section'") }
            }
            'Heading3' {
                if ($section -eq 'Examples') {
                    $item = @{ Title = $block.Text; Code = $null; Runs = $false; Remarks = @() }
                    $text.Examples += $item
                }
                else {
                    $item = $block.Text.TrimStart('-')
                    $text.Parameters[$item] = @()
                }
            }
            'Code' { $item.Code = $block.Text; $item.Runs = $block.Runs }
            'Entry' {
                if ($section -ne 'Links') { $faults.Add("$Path has a list outside of its links: $($block.Text)") }
                $text.Links += $block.Text
            }
            'Paragraph' {
                if ($section -eq 'Parameters') { $text.Parameters[$item] += $block.Text }
                elseif ($section -eq 'Examples') { $item.Remarks += $block.Text }
                elseif ($section -eq 'Description' -and -not $text.Synopsis) { $text.Synopsis = $block.Text }
                else { $text[$section] += $block.Text }
            }
        }
    }
    $text
}

# The texts of a language by command, each with the parameters that are its own.
function Read-Language([string] $Culture, $Commands) {
    $common = Read-Text "$Source/$Culture/common.md"
    $used = @()
    $texts = @{}
    foreach ($command in $Commands) {
        $path = "$Source/$Culture/$($command.Name).md"
        if (-not (Test-Path $path)) { $faults.Add("$($command.Name) has no help: $path is missing"); continue }
        $text = Read-Text $path
        if ($text.Name -cne $command.Name) { $faults.Add("$path begins with '# $($text.Name)'") }
        foreach ($part in 'Synopsis', 'Description', 'Examples') { if (-not $text[$part]) { $faults.Add("$path has no $($part.ToLowerInvariant())") } }
        $names = @(Get-Reference $command | ForEach-Object Name)
        foreach ($name in $text.Parameters.Keys) { if ($name -cnotin $names) { $faults.Add("$path describes -$name, which the command does not have") } }
        foreach ($name in $names) {
            if (-not $text.Parameters[$name]) { $text.Parameters[$name] = $common.Parameters[$name]; $used += $name }
            if (-not $text.Parameters[$name]) { $faults.Add("$path does not describe -$name") }
        }
        foreach ($example in $text.Examples) { if (-not $example.Remarks) { $faults.Add("$path says nothing about the example '$($example.Title)'") } }
        $texts[$command.Name] = $text
    }
    foreach ($name in $common.Parameters.Keys) { if ($name -cnotin $used) { $faults.Add("$Source/$Culture/common.md describes -$name, which no command takes from there") } }
    foreach ($file in Get-ChildItem "$Source/$Culture" -Filter *.md) {
        if ($file.BaseName -cnotin @($Commands.Name) + 'common') { $faults.Add("$file belongs to no command") }
    }
    $texts
}

# A translation with the code and links of the original.
function Merge-Text($Text, $English, [string] $Culture) {
    $where = "$Source/$Culture/$($English.Name).md"
    foreach ($part in 'Input', 'Output', 'Notes') {
        if ([bool] $Text[$part] -ne [bool] $English[$part]) { $faults.Add("$where and its original differ in whether there is a section '$part'") }
    }
    if ($Text.Examples.Count -ne $English.Examples.Count) { $faults.Add("$where has $($Text.Examples.Count) examples, not $($English.Examples.Count)"); return }
    for ($i = 0; $i -lt $Text.Examples.Count; $i++) {
        if ($Text.Examples[$i].Code) { $faults.Add("$where holds code; it stands in $original alone") }
        $Text.Examples[$i].Code = $English.Examples[$i].Code
    }
    if ($Text.Links) { $faults.Add("$where holds links; they stand in $original alone") }
    $Text.Links = $English.Links
    $Text
}

# --- the cmdlets

function Test-Shown($Parameter) {
    $isCommon = $Parameter.Name -in [Management.Automation.PSCmdlet]::CommonParameters
    -not $isCommon -and -not ($Parameter.Attributes | Where-Object { $_ -is [Parameter] -and $_.DontShow })
}

function Get-TypeName([type] $Type) {
    $plain = [Nullable]::GetUnderlyingType($Type)
    if ($plain) { return $plain.Name }
    if ($Type.IsGenericType) { $Type.Name -replace '`1$', "[$($Type.GenericTypeArguments.Name)]" } else { $Type.Name }
}

function Get-Choice($Parameter) {
    $set = $Parameter.Attributes | Where-Object { $_ -is [ValidateSet] }
    if ($set) { $set.ValidValues } elseif ($Parameter.ParameterType.IsEnum) { [Enum]::GetNames($Parameter.ParameterType) }
}

function Get-PipelineInput($Parameter) {
    $ways = @(if ($Parameter.ValueFromPipeline) { 'ByValue' }) + @(if ($Parameter.ValueFromPipelineByPropertyName) { 'ByPropertyName' })
    if ($ways) { "True ($($ways -join ', '))" } else { 'False' }
}

# Positional ones first, then mandatory ones, and those of PowerShell last.
function Get-Sorted($Parameters) {
    $Parameters | Sort-Object -Stable { if ($_.Position -ge 0) { $_.Position } elseif ($_.IsMandatory) { 1000 } elseif ($_.Name -in 'WhatIf', 'Confirm') { 3000 } else { 2000 } }
}

# Every parameter once, as it is where it first occurs, but mandatory only if it is so wherever it occurs.
function Get-Reference($Command) {
    $all = $Command.ParameterSets | ForEach-Object { $_.Parameters } | Where-Object { Test-Shown $_ }
    $unique = [ordered]@{}
    foreach ($one in $all) {
        $known = $unique[$one.Name]
        if ($known) { $known.IsMandatory = $known.IsMandatory -and $one.IsMandatory }
        else { $unique[$one.Name] = $one | Select-Object Name, Position, IsMandatory, ParameterType, Attributes, Aliases, ValueFromPipeline, ValueFromPipelineByPropertyName }
    }
    Get-Sorted $unique.Values
}

function Get-Default($Command, $Parameter) {
    if ($Parameter.ParameterType -eq [switch]) { return 'False' }
    $property = $Command.ImplementingType.GetProperty($Parameter.Name)
    $value = if ($property) { $property.GetValue([Activator]::CreateInstance($Command.ImplementingType)) }
    if ($value -is [string] -or $value -is [Enum]) { "$value" } else { 'None' }
}

# --- the file

function Write-Text([string] $Name, [string] $Text) {
    $prefix, $local = $Name.Split(':')
    $xml.WriteElementString($prefix, $local, $namespaces[$prefix], $Text)
}

function Write-Element([string] $Name, [scriptblock] $Body, [Collections.IDictionary] $Attributes = @{}) {
    $prefix, $local = $Name.Split(':')
    $xml.WriteStartElement($prefix, $local, $namespaces[$prefix])
    foreach ($key in $Attributes.Keys) { $xml.WriteAttributeString($key, $Attributes[$key]) }
    & $Body
    $xml.WriteEndElement()
}

function Write-Paragraphs([string] $Name, [string[]] $Paragraphs) {
    if ($Paragraphs) { Write-Element $Name { foreach ($one in $Paragraphs) { Write-Text 'maml:para' $one } } }
}

function Write-Parameter($Parameter, [scriptblock] $Body) {
    Write-Element 'command:parameter' $Body ([ordered]@{
            required = "$($Parameter.IsMandatory)".ToLowerInvariant(); globbing = 'false'; pipelineInput = Get-PipelineInput $Parameter
            position = $(if ($Parameter.Position -ge 0) { "$($Parameter.Position)" } else { 'named' })
            aliases = $(if ($Parameter.Aliases.Count) { $Parameter.Aliases -join ', ' } else { 'none' })
        })
}

function Write-Value($Parameter, [switch] $Choices) {
    if ($Parameter.ParameterType -eq [switch]) { return }
    $values = if ($Choices) { Get-Choice $Parameter }
    $write = { param($text, $required) Write-Element 'command:parameterValue' { $xml.WriteString($text) } ([ordered]@{ required = $required; variableLength = 'false' }) }
    if ($values) { Write-Element 'command:parameterValueGroup' { foreach ($one in $values) { & $write $one 'false' } } }
    else { & $write (Get-TypeName $Parameter.ParameterType) 'true' }
}

function Write-Syntax($Command) {
    Write-Element 'command:syntax' {
        foreach ($set in $Command.ParameterSets | Sort-Object -Stable { -not $_.IsDefault }) {
            Write-Element 'command:syntaxItem' {
                Write-Text 'maml:name' $Command.Name
                foreach ($parameter in Get-Sorted ($set.Parameters | Where-Object { Test-Shown $_ })) {
                    Write-Parameter $parameter { Write-Text 'maml:name' $parameter.Name; Write-Value $parameter -Choices }
                }
            }
        }
    }
}

function Write-Parameters($Command, $Text) {
    Write-Element 'command:parameters' {
        foreach ($parameter in Get-Reference $Command) {
            Write-Parameter $parameter {
                Write-Text 'maml:name' $parameter.Name
                Write-Paragraphs 'maml:description' $Text.Parameters[$parameter.Name]
                Write-Value $parameter
                Write-Element 'dev:type' { Write-Text 'maml:name' (Get-TypeName $parameter.ParameterType) }
                Write-Text 'dev:defaultValue' (Get-Default $Command $parameter)
            }
        }
    }
}

function Write-Types([string] $List, [string] $Entry, [string[]] $Types, [string[]] $Text) {
    Write-Element $List {
        foreach ($type in @($Types | Select-Object -Unique)) {
            Write-Element $Entry {
                Write-Element 'dev:type' { Write-Text 'maml:name' $type }
                Write-Paragraphs 'maml:description' $Text
            }
        }
    }
}

function Write-Examples($Text) {
    Write-Element 'command:examples' {
        $number = 0
        foreach ($example in $Text.Examples) {
            $number++
            Write-Element 'command:example' {
                Write-Text 'maml:title' "---------- $number. $($example.Title) ----------"
                Write-Text 'dev:code' $example.Code
                # PowerShell leaves no line between an example and the next
                Write-Paragraphs 'dev:remarks' ($example.Remarks + '')
            }
        }
    }
}

function Write-Command($Command, $Text) {
    $verb, $noun = $Command.Name.Split('-')
    Write-Element 'command:command' {
        foreach ($prefix in 'maml', 'dev') { $xml.WriteAttributeString('xmlns', $prefix, $null, $namespaces[$prefix]) }
        Write-Element 'command:details' {
            Write-Text 'command:name' $Command.Name
            Write-Text 'command:verb' $verb
            Write-Text 'command:noun' $noun
            Write-Paragraphs 'maml:description' $Text.Synopsis
        }
        Write-Paragraphs 'maml:description' $Text.Description
        Write-Syntax $Command
        Write-Parameters $Command $Text
        $piped = @(Get-Reference $Command | Where-Object ValueFromPipeline | ForEach-Object { $_.ParameterType.FullName })
        Write-Types 'command:inputTypes' 'command:inputType' $(if ($piped) { $piped } else { 'None' }) $Text.Input
        Write-Types 'command:returnValues' 'command:returnValue' $(if ($Command.OutputType) { $Command.OutputType.Name } else { 'None' }) $Text.Output
        if ($Text.Notes) { Write-Element 'maml:alertSet' { Write-Paragraphs 'maml:alert' $Text.Notes } }
        Write-Examples $Text
        Write-Element 'command:relatedLinks' {
            foreach ($link in $Text.Links) { Write-Element 'maml:navigationLink' { Write-Text 'maml:linkText' $link } }
        }
    }
}

function Write-File([string] $Path, $Commands, $Texts) {
    $null = [IO.Directory]::CreateDirectory((Split-Path $Path))
    $settings = [Xml.XmlWriterSettings]@{ Indent = $true; NewLineChars = "`n"; Encoding = [Text.UTF8Encoding]::new($false) }
    $xml = [Xml.XmlWriter]::Create($Path, $settings)
    try {
        $xml.WriteStartElement('helpItems', 'http://msh')
        $xml.WriteAttributeString('schema', 'maml')
        foreach ($command in $Commands) { Write-Command $command $Texts[$command.Name] }
        $xml.WriteEndElement()
        # the last line ends as well
        $xml.Flush()
        $xml.WriteRaw("`n")
    }
    finally { $xml.Dispose() }
}

Import-Module ($modules | ForEach-Object { "$PSScriptRoot/$_" })
$commands = Get-Command -Module $modules | Sort-Object Name
$cultures = @($original) + (Get-ChildItem $Source -Directory | Where-Object Name -CNE $original | ForEach-Object Name)
$languages = @{}
foreach ($culture in $cultures) {
    $languages[$culture] = Read-Language $culture $commands
    if ($culture -eq $original) { continue }
    foreach ($name in @($languages[$culture].Keys)) {
        if ($languages[$original][$name]) { $languages[$culture][$name] = Merge-Text $languages[$culture][$name] $languages[$original][$name] $culture }
    }
}
if ($faults.Count) { throw "The help is not complete:`n  $($faults -join "`n  ")" }
foreach ($culture in $cultures) {
    foreach ($group in $commands | Group-Object ModuleName, HelpFile) {
        Write-File "$Destination/$($group.Group[0].ModuleName)/$culture/$($group.Group[0].HelpFile)" $group.Group $languages[$culture]
    }
}
