# The modules as users install them: packaged once into a folder, and used from there in processes of their own.
. "$PSScriptRoot/harness.ps1"
$names = 'GuestRedemption', 'GuestRedemption.AzureADPreview'
$version = (Import-PowerShellDataFile "$modules/GuestRedemption/GuestRedemption.psd1").ModuleVersion
$platform = '{0}-{1}' -f $(if ($IsWindows) { 'win' } elseif ($IsMacOS) { 'osx' } else { 'linux' }), "$([Runtime.InteropServices.RuntimeInformation]::ProcessArchitecture)".ToLowerInvariant()
$folder = [IO.Path]::GetFullPath((Join-Path ([IO.Path]::GetTempPath()) ([Guid]::NewGuid())))

function Invoke-Package { & "$modules/package.ps1" -Destination $folder -Library @{ $platform = $env:GUEST_REDEMPTION_LIBRARY } }

# Runs a script where nothing but the packaged modules is known of this project.
function Invoke-Installed([string] $Script) {
    $path, $library = $env:PSModulePath, $env:GUEST_REDEMPTION_LIBRARY
    try {
        $env:PSModulePath = $folder
        $env:GUEST_REDEMPTION_LIBRARY = ''
        & pwsh -NoProfile -Command "Set-Location '$([IO.Path]::GetTempPath())'; `$ErrorActionPreference = 'Stop'; $Script" 2>&1 | Out-String -Width 200
    }
    finally { $env:PSModulePath, $env:GUEST_REDEMPTION_LIBRARY = $path, $library }
}

if (-not (Get-Command dotnet -CommandType Application -ErrorAction Ignore)) {
    if ($env:CI -eq 'true') { throw 'dotnet not found' }
    'skipped: dotnet not found'
    exit 0
}
$made = Invoke-Package

It 'holds what an installed module needs, and no sources' {
    Assert-Equal 2 @($made).Count 'modules'
    $files = Get-ChildItem $folder -Recurse -File | ForEach-Object { [IO.Path]::GetRelativePath((Get-Item $folder).FullName, $_.FullName) -replace '\\', '/' }
    foreach ($file in @(
            "GuestRedemption/$version/GuestRedemption.psd1"
            "GuestRedemption/$version/GuestRedemption.Format.ps1xml"
            "GuestRedemption/$version/bin/GuestRedemption.dll"
            "GuestRedemption/$version/bin/GuestRedemption.PowerShell.dll"
            "GuestRedemption/$version/en-US/GuestRedemption.PowerShell.dll-Help.xml"
            "GuestRedemption/$version/en-US/about_GuestRedemption.help.txt"
            "GuestRedemption/$version/runtimes/$platform/native/$(Split-Path $env:GUEST_REDEMPTION_LIBRARY -Leaf)"
            "GuestRedemption.AzureADPreview/$version/bin/GuestRedemption.AzureADPreview.dll"
            "GuestRedemption.AzureADPreview/$version/LICENSE-MIT"
        )) { Assert-True ($files -ccontains $file) $file }
    Assert-Equal 3 @($files -match '/bin/').Count 'assemblies'
    Assert-Equal '' ((@($files) -match '\.(psm1|cs|csproj|pdb|md)$') -join ' ')
}

It 'has the manifests of the checkout, but for what is loaded' {
    foreach ($name in $names) {
        $there = Import-PowerShellDataFile "$modules/$name/$name.psd1"
        $packaged = Import-PowerShellDataFile "$folder/$name/$version/$name.psd1"
        Assert-Match '^bin/.+\.dll$' $packaged.RootModule
        foreach ($key in 'RootModule', 'RequiredAssemblies', 'RequiredModules') { $there.Remove($key); $packaged.Remove($key) }
        $flat = { param($manifest) ($manifest.GetEnumerator() | Sort-Object Key | ForEach-Object { "$($_.Key)=$(ConvertTo-Json $_.Value -Depth 5 -Compress)" }) -join "`n" }
        Assert-Equal (& $flat $there) (& $flat $packaged)
        Assert-Match "Version : $version" (Invoke-Installed "Test-ModuleManifest '$folder/$name/$version/$name.psd1' | Format-List Version")
    }
}

It 'has assemblies that dotnet built' {
    foreach ($file in Get-ChildItem $folder -Recurse -Filter *.dll | Where-Object FullName -Match '[\\/]bin[\\/]') {
        $assembly = [Reflection.AssemblyName]::GetAssemblyName($file.FullName)
        Assert-Equal "$($file.BaseName) $version.0" "$($assembly.Name) $($assembly.Version)"
    }
}

It 'resets a guest without an import, with views and help' {
    $shown = Invoke-Installed @"
Reset-GuestRedemption alice@fabrikam.com alice@tailspin.com -Force
'library ' + [GuestRedemption.Client]::LibraryPath
'help ' + (Get-Help Reset-GuestRedemption).Synopsis
(Get-Help about_GuestRedemption).Substring(0, 80)
Remove-Module GuestRedemption
"@
    Assert-Match '(?m)^Alice Alvarez +alice@fabrikam\.com +alice@tailspin\.com +done +PendingAcceptance' $shown
    Assert-Match "library .*$version.runtimes.$platform.native" $shown
    Assert-Match 'help Resets a guest''s redemption' $shown
    Assert-Match 'about_GuestRedemption' $shown
}

It 'runs a script of 2021 without an import, with views and help' {
    $script = [IO.Path]::GetFullPath("$PSScriptRoot/../../examples/scripts/reset-2021.ps1")
    $shown = Invoke-Installed @"
& '$script' -Guest 'alice_fabrikam.com#EXT#@contoso.onmicrosoft.com' -NewAddress alice@fabrikam.com
Get-AzureADUser -ObjectId $alice | Out-String -Width 200
'help ' + (Get-Help New-AzureADMSInvitation).Synopsis
'modules ' + ((Get-Module GuestRedemption*).Name -join ' ')
"@
    Assert-Match '(?m)^Account +Environment +TenantId' $shown
    Assert-Match '(?m)^InvitedUserEmailAddress : alice@fabrikam\.com' $shown
    Assert-Match '(?m)^ObjectId +DisplayName +UserPrincipalName +UserType' $shown
    Assert-Match 'help Invites a guest' $shown
    Assert-Match 'modules GuestRedemption GuestRedemption\.AzureADPreview' $shown
    Assert-Equal 1 @((Get-SandboxState).mails).Count 'mails'
}

It 'both modules share one session, in either order of import' {
    foreach ($order in 'GuestRedemption, GuestRedemption.AzureADPreview', 'GuestRedemption.AzureADPreview, GuestRedemption') {
        $shown = Invoke-Installed "Import-Module $order; `$null = Connect-GuestRedemption; 'tenant ' + (Get-AzureADCurrentSessionInfo).TenantId"
        Assert-Match "tenant $env:AZURE_TENANT_ID" $shown
    }
}

It 'refuses what it cannot do' {
    $refusal = { param($do) try { & $do; 'done' } catch { "$_" } }
    Assert-Match 'already there' (& $refusal { Invoke-Package })
    Assert-Match 'nowhere\.so' (& $refusal { & "$modules/package.ps1" -Destination "$folder-not" -Library @{ $platform = 'nowhere.so' } })
    $path = $env:PATH
    $env:PATH = ''
    try { Assert-Match 'needs the \.NET SDK' (& $refusal { & "$modules/package.ps1" -Destination "$folder-not" -Library @{ $platform = $env:GUEST_REDEMPTION_LIBRARY } }) }
    finally { $env:PATH = $path }
    Assert-True (-not (Get-ChildItem "$folder-not" -ErrorAction Ignore)) 'nothing is made'
}

Remove-Item $folder, "$folder-not" -Recurse -ErrorAction Ignore
exit $failures
